"""Answers shaped like those of ten cities' GeoReport servers. The shapes follow what is published about each: element
names, wrappers, types, forms of numbers and dates, status words. Every value is invented.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CityAnswer:
    """One city's list of services and one request. `statuses` are what its city.yml would list."""

    name: str
    services: str
    codes: tuple[str, ...]
    request: str
    reference: str
    status: str
    raw: str
    service_code: str | None
    requested: str | None
    understood: bool = True
    kind: str = "application/json"
    encoding: str = "utf-8"
    form: str = "json"
    statuses: dict[str, str] = field(default_factory=dict)
    address: str | None = None


CITIES = (
    CityAnswer(
        name="chicago",  # notes and attributes beside the standard; both coordinates and address
        services='[{"service_code":"4fd3b656e750846c53000004","service_name":"Pothole in Street Complaint","description":"",'
        '"metadata":true,"type":"batch","keywords":"","group":"Streets"}]',
        codes=("4fd3b656e750846c53000004",),
        request='[{"service_request_id":"SR26-00112233","status":"closed","service_name":"Pothole in Street Complaint",'
        '"service_code":"4fd3b656e750846c53000004","requested_datetime":"2026-11-01T06:37:38-06:00",'
        '"updated_datetime":"2026-11-05T11:00:00-06:00","address":"100 N ASHBY AVE","lat":41.9,"long":-87.7,'
        '"attributes":[{"label":"How many?","name":"COUNT","value":"2"}],"extended_attributes":{"ward":"32","channel":"App"},'
        '"notes":[{"datetime":"2026-11-05T11:00:00-06:00","summary":"Completed","type":"closed"}]}]',
        reference="SR26-00112233",
        status="closed",
        raw="closed",
        service_code="4fd3b656e750846c53000004",
        requested="2026-11-01T12:37:38+00:00",
        address="100 N ASHBY AVE",
    ),
    CityAnswer(
        name="boston",  # codes are paths of departments; numbers of twelve digits; null fields
        services='[{"service_code":"Works Department:Roads:Pothole Repair","service_name":"Pothole","metadata":false,'
        '"type":"realtime","keywords":null,"group":null,"description":null}]',
        codes=("Works Department:Roads:Pothole Repair",),
        request='[{"service_request_id":101006123456,"status":"Case Closed","status_notes":null,"service_name":"Pothole",'
        '"service_code":"Works Department:Roads:Pothole Repair","description":"Deep","requested_datetime":"2026-11-01T06:37:38Z",'
        '"updated_datetime":null,"address":"5 Court St","lat":42.36,"long":-71.06,"media_url":null,"token":null}]',
        reference="101006123456",
        status="closed",
        raw="Case Closed",
        service_code="Works Department:Roads:Pothole Repair",
        requested="2026-11-01T06:37:38+00:00",
        address="5 Court St",
    ),
    CityAnswer(
        name="toronto",  # a wrapper around the list; the word for its kind of closing
        services='{"services":[{"service_code":"CSROWR-12","service_name":"Road - Pot hole","metadata":"true","type":"realtime"},'
        '{"service_code":"SWLMALB-02","service_name":"Missed bin","metadata":"false","type":"realtime"}]}',
        codes=("CSROWR-12", "SWLMALB-02"),
        request='{"service_requests":[{"service_request_id":"7654321","status":"Completed","service_code":"CSROWR-12",'
        '"service_name":"Road - Pot hole","requested_datetime":"2026-11-01T06:37:38-05:00","expected_datetime":null,'
        '"address":null,"address_id":"14","zipcode":"M5V","lat":"43.6","long":"-79.4"}]}',
        reference="7654321",
        status="closed",
        raw="Completed",
        service_code="CSROWR-12",
        requested="2026-11-01T11:37:38+00:00",
    ),
    CityAnswer(
        name="san-francisco",  # XML alone, capital letters, empty elements
        services="<services><service><service_code>518d5892601827e3880000c5</service_code><service_name>Street cleaning</service_name>"
        "<metadata>True</metadata><type>realtime</type><keywords></keywords></service></services>",
        codes=("518d5892601827e3880000c5",),
        request="<service_requests><request><service_request_id>18123456</service_request_id><status>Closed</status>"
        "<status_notes>Case resolved</status_notes><service_name>Street cleaning</service_name>"
        "<service_code>518d5892601827e3880000c5</service_code><description/><requested_datetime>2026-11-01T06:37:38-08:00"
        "</requested_datetime><expected_datetime></expected_datetime><address>1 Dune St</address><media_url/></request></service_requests>",
        reference="18123456",
        status="closed",
        raw="Closed",
        service_code="518d5892601827e3880000c5",
        requested="2026-11-01T14:37:38+00:00",
        kind="text/xml",
        form="xml",
        address="1 Dune St",
    ),
    CityAnswer(
        name="bonn",  # German words; numbers with the year
        services='[{"service_code":"0001","service_name":"Stra\\u00dfensch\\u00e4den","metadata":"false","type":"realtime",'
        '"extended_attributes":{"markaspot":{"category_icon":"road"}}}]',
        codes=("0001",),
        request='[{"service_request_id":"118-2026","title":"Loch","status":"Erledigt","status_note":"x",'
        '"service_name":"Stra\\u00dfensch\\u00e4den","service_code":"0001","requested_datetime":"2026-11-01T06:37:38+01:00",'
        '"updated_datetime":"2026-11-03T06:37:38+01:00","address_string":"Am Hof 1","lat":"50.73","long":"7.10"}]',
        reference="118-2026",
        status="closed",
        raw="Erledigt",
        service_code="0001",
        requested="2026-11-01T05:37:38+00:00",
        statuses={"erledigt": "closed", "in Bearbeitung": "open"},
    ),
    CityAnswer(
        name="helsinki",  # JSON with a byte order mark; an id of letters; several pictures
        services='\ufeff[{"service_code":180,"service_name":"Ajoradan kunto","metadata":"false","type":"realtime","group":"Kadut"}]',
        codes=("180",),
        request='\ufeff[{"service_request_id":"hel0a1b2c3","status":"open","status_notes":"Kiitos","service_code":180,'
        '"service_name":"Ajoradan kunto","agency_responsible":"Kaupunki","requested_datetime":"2026-11-01T06:37:38.123+02:00",'
        '"extended_attributes":{"title":"Kuoppa"},"media_urls":["a","b"],"lat":60.17,"long":24.94}]',
        reference="hel0a1b2c3",
        status="open",
        raw="open",
        service_code="180",
        requested="2026-11-01T04:37:38.123000+00:00",
    ),
    CityAnswer(
        name="zurich",  # two wrappers, an object for the agency, FixMyStreet's words
        services='{"services":{"service":[{"service_code":"Strasse","service_name":"Strasse/Trottoir","metadata":"false"}]}}',
        codes=("Strasse",),
        request='{"requests":{"request":[{"service_request_id":4711,"status":"fixed - council","service_code":"Strasse",'
        '"agency_responsible":{"recipient":["Tiefbauamt"]},"requested_datetime":"2026-11-01T06:37:38+01:00",'
        '"detail":"Loch","interface_used":"Web"}]}}',
        reference="4711",
        status="closed",
        raw="fixed - council",
        service_code="Strasse",
        requested="2026-11-01T05:37:38+00:00",
    ),
    CityAnswer(
        name="washington",  # XML labelled as JSON; a date without a zone
        services='<?xml version="1.0" encoding="utf-8"?><services><service><service_code>S0261</service_code>'
        "<service_name>Pothole</service_name><metadata>1</metadata></service></services>",
        codes=("S0261",),
        request='<?xml version="1.0" encoding="utf-8"?><service_requests><request><service_request_id>26-00451234'
        "</service_request_id><status>IN-PROGRESS</status><service_code>S0261</service_code><requested_datetime>2026-11-01 06:37:38"
        "</requested_datetime><lat>38.9</lat><long>-77.0</long></request></service_requests>",
        reference="26-00451234",
        status="open",
        raw="IN-PROGRESS",
        service_code="S0261",
        requested="2026-11-01T11:37:38+00:00",
    ),
    CityAnswer(
        name="baltimore",  # XML turned into JSON: everything in lists, wrapped twice
        services='{"services":[{"service":[{"service_code":["Potholes"],"service_name":["Potholes"],"metadata":["true"],'
        '"type":["realtime"]},{"service_code":["Trash"],"service_name":["Trash"],"metadata":["false"]}]}]}',
        codes=("Potholes", "Trash"),
        request='{"service_requests":[{"request":[{"service_request_id":["26-00011111"],"status":["Duplicate (open)"],'
        '"service_code":["Potholes"],"requested_datetime":["2026-11-01T06:37:38-05:00"],"address":["1 Pier Rd"],'
        '"lat":["39.29"],"long":["-76.61"]}]}]}',
        reference="26-00011111",
        status="open",
        raw="Duplicate (open)",
        understood=False,
        service_code="Potholes",
        requested="2026-11-01T11:37:38+00:00",
        address="1 Pier Rd",
    ),
    CityAnswer(
        name="lisbon",  # Latin-1, numbers with strokes, Portuguese words
        services='[{"service_code":"12","service_name":"Vias p\xfablicas","metadata":0,"type":"realtime"}]',
        codes=("12",),
        request='[{"service_request_id":"OCO/12345/2026","status":"Conclu\xedda","service_code":12,"service_name":"Vias p\xfablicas",'
        '"requested_datetime":"2026-11-01T06:37:38+0000","address":"Rua da Fonte, 3","lat":"38.72","long":"-9.13"}]',
        reference="OCO/12345/2026",
        status="closed",
        raw="Conclu\xedda",
        service_code="12",
        requested="2026-11-01T06:37:38+00:00",
        encoding="latin-1",
        statuses={"Concluida": "closed", "Em execu\xe7\xe3o": "open"},
        address="Rua da Fonte, 3",
    ),
)
