"""What providers, the bot and the back end do to us: repeats, disorder, receipts, slowness, silence, lies."""

import asyncio
import contextlib
import gzip
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from aiohttp import web

from bench.fault.checker import Allowed, settle
from bench.fault.citizens import QUESTIONS, REPORT, Citizen, Written, event, receipt
from bench.fault.front import Mood, Pass, hang_up, silence
from bench.fault.provider import Parcel
from bench.fault.scene import Fault, Scene

AT_ONCE = 16
SLOW_SECONDS = 30.0
SHARE = 8  # every eighth conversation meets the bot's bad day
LATE = 100_000  # more unknown parcels than there are: the fault itself counts them


def webhook_faults(conversations: int) -> list[Fault]:
    """How providers deliver."""

    def with_courier(
        deliver: Callable[[Scene, Citizen], Awaitable[None]], lines: int = 1, *, hasty: bool = False
    ) -> Callable[[Scene], Awaitable[None]]:
        async def run(scene: Scene) -> None:
            for number in range(max(4, conversations // lines)):
                script = [QUESTIONS[(number + line) % len(QUESTIONS)] for line in range(lines)]
                scene.crowd.add(script, "courier").hasty = hasty
            await _each(scene, deliver)

        return run

    return [
        Fault("every webhook twice", with_courier(_twice), invites=False),
        Fault("every webhook ten times at once", with_courier(_ten_times), invites=False),
        Fault("every webhook again much later", _again(with_courier(_twice)), invites=False),
        Fault("shuffled webhooks", with_courier(_shuffled, 4), invites=False),
        Fault("an album of ten in one webhook", with_courier(_album, 10), invites=False),
        Fault("an album of ten, ten webhooks at once", with_courier(_burst, 10, hasty=True), invites=False),
        Fault("receipts before their message and in reverse", _receipts),
    ]


def bot_faults() -> list[Fault]:
    """The bot's bad days."""
    return [
        Fault("bot slow (30 s)", _bot(_slow)),
        Fault("bot hanging", _bot(silence)),
        Fault("bot answers 500", _bot(_says(500, b'{"error": "failed"}'), 3)),
        Fault("bot answers garbage", _bot(_says(200, b"\x00\xff<html>"), 3)),
        Fault("bot answers 200 []", _bot(_says(200, b"[]"), 3)),
        Fault("bot restarts in mid-turn", _bot_restarts),
        Fault("bot swaps its model", _model_swapped),
    ]


def back_end_faults() -> list[Fault]:
    """The city's back end."""
    return [
        Fault("back end slow", _filing(_slowly)),
        Fault("back end down", _filing(_down_at_first)),
        Fault("back end fails after it accepted", _filing(_accepts_and_hangs_up)),
    ]


def provider_faults() -> list[Fault]:
    """The provider that carries our answers."""
    return [
        Fault("provider answers 429 with Retry-After", _busy),
        Fault("provider answers 5xx for a while", _failing),
        Fault("provider times out after it accepted", _late, Allowed(unknown=LATE)),
    ]


async def _each(scene: Scene, deliver: Callable[[Scene, Citizen], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(citizen: Citizen) -> None:
        for text in citizen.script:
            scene.crowd.line(citizen, text)
        async with gate:
            await deliver(scene, citizen)

    async with asyncio.TaskGroup() as group:
        for citizen in scene.crowd.citizens:
            group.create_task(one(citizen))


async def _kept(scene: Scene, citizen: Citizen, lines: list[Written]) -> None:
    begun = time.time()
    await scene.crowd.deliver_surely([event(citizen, one) for one in lines])
    for one in lines:
        one.begun, one.kept = begun, time.time()


async def _twice(scene: Scene, citizen: Citizen) -> None:
    for _ in range(2):
        await _kept(scene, citizen, citizen.written)


async def _ten_times(scene: Scene, citizen: Citizen) -> None:
    await asyncio.gather(*(_kept(scene, citizen, citizen.written) for _ in range(10)))


def _again(run: Callable[[Scene], Awaitable[None]]) -> Callable[[Scene], Awaitable[None]]:
    async def twice(scene: Scene) -> None:
        await run(scene)
        await settle(scene.crowd)
        before = await _count(scene)
        await scene.house.store.pool.execute(
            "UPDATE events SET received_at = received_at - interval '2 days'"
        )
        for citizen in scene.crowd.citizens:
            await _kept(scene, citizen, citizen.written)
        await settle(scene.crowd)
        after = await _count(scene)
        scene.expect(before == after, "exactly one message for an event", f"{before} messages, then {after}")

    return twice


async def _count(scene: Scene) -> int:
    return int(await scene.house.store.pool.fetchval("SELECT count(*) FROM messages"))


async def _shuffled(scene: Scene, citizen: Citizen) -> None:
    random.Random(citizen.name).shuffle(citizen.written)
    for one in citizen.written:
        await _kept(scene, citizen, [one])


async def _album(scene: Scene, citizen: Citizen) -> None:
    await _kept(scene, citizen, citizen.written)


async def _burst(scene: Scene, citizen: Citizen) -> None:
    await asyncio.gather(*(_kept(scene, citizen, [one]) for one in citizen.written))


async def _receipts(scene: Scene) -> None:
    by_contact = {one.contact: one for one in scene.crowd.citizens if one.door == "courier"}
    early: list[str] = []

    async def mood(parcel: Parcel) -> web.StreamResponse | None:
        citizen = by_contact.get(parcel.contact)
        if citizen is not None:
            # Told before the worker has the provider's id, and the last word first.
            for status in ("read", "delivered", "sent"):
                await scene.crowd.deliver_surely([receipt(citizen, parcel.id, status)])
            early.append(parcel.id)
        return None

    scene.house.provider.after = mood
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    rows = await scene.house.store.pool.fetch(
        "SELECT status, count(*) AS count FROM messages WHERE external_id = ANY($1::text[]) GROUP BY status",
        early,
    )
    found = {row["status"]: row["count"] for row in rows}
    scene.notes.append(f"{len(early)} messages had their receipts first")
    scene.expect(
        found == {"read": len(early)}, "receipts move forward", f"{len(early)} read, we have {found}"
    )


def _bot(mood: Mood, share: int = SHARE) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        asked: set[str] = set()

        async def sometimes(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
            turn = json.loads(body)
            if int(turn["conversation_id"][:8], 16) % share:
                return await on()
            asked.add(turn["message_id"])
            return await mood(request, body, on)

        for front in scene.house.bot_fronts:
            front.mood = sometimes
        async with scene.talking(from_share=0):
            pass
        await settle(scene.crowd)
        outcomes = await _outcomes(scene, asked)
        scene.notes.append(f"{len(asked)} turns met it: {outcomes}")
        scene.expect(bool(asked), "the fault happened", "no turn met it")
        scene.expect(
            set(outcomes) <= {"failed", "dropped"}, "an apology and a handoff", f"outcomes are {outcomes}"
        )

    return run


async def _outcomes(scene: Scene, messages: set[str]) -> dict[str, int]:
    rows = await scene.house.store.pool.fetch(
        "SELECT outcome, count(*) AS count FROM turns WHERE message_id = ANY($1::uuid[]) GROUP BY outcome",
        list(messages),
    )
    return {row["outcome"]: row["count"] for row in rows}


async def _slow(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
    await asyncio.sleep(SLOW_SECONDS)
    return await on()


def _says(status: int, body: bytes) -> Mood:
    async def mood(_request: web.Request, _body: bytes, _on: Pass) -> web.StreamResponse:
        return web.Response(status=status, body=body, content_type="application/json")

    return mood


async def _bot_restarts(scene: Scene) -> None:
    async with scene.talking():
        took, _ = await scene.house.restart("bot-1")
    scene.notes.append(f"stopped within {took:.1f} s")


async def _model_swapped(scene: Scene) -> None:
    """Another file (packed anew) becomes the current model; both bots are restarted, one after the other."""
    house = scene.house
    path = house.models / "current.json"
    current = json.loads(path.read_text(encoding="utf-8"))
    packed = gzip.compress(gzip.decompress((house.models / current["model"]).read_bytes()), 1)
    swapped = {**current, "model": "swapped.tar.gz", "sha256": hashlib.sha256(packed).hexdigest()}
    (house.models / "swapped.tar.gz").write_bytes(packed)
    path.unlink()  # a link to the model everybody else uses
    path.write_text(json.dumps(swapped), encoding="utf-8")
    async with scene.talking(spread=30):
        for name in ("bot-0", "bot-1"):
            await house.restart(name)
            await house.ready(name)
    models = {await _model(scene, url) for url in house.bots}
    scene.expect(models == {swapped["sha256"]}, "the new model answers", f"they serve {models}")


async def _model(scene: Scene, url: str) -> str:
    async with scene.crowd.http.get(f"{url}/webhooks/civicdesk/ready") as answer:
        return str((await answer.json())["model"])


def _filing(mood_of: Callable[[], Mood]) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        created: Counter[str] = Counter()
        mood = mood_of()

        async def at_creates(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
            if request.method != "POST":
                return await on()

            async def on_and_count() -> web.Response:
                answer = await on()
                if answer.status in (200, 201):
                    created[parse_qs(body.decode())["account_id"][0]] += 1
                return answer

            return await mood(request, body, on_and_count)

        for number in range(len(scene.crowd.citizens) // 10):
            scene.crowd.add(list(REPORT), "web" if number % 2 else "courier", waits=True)
        scene.house.back_end.mood = at_creates
        async with scene.talking(from_share=0):
            pass
        await settle(scene.crowd)
        twice = [account for account, count in created.items() if count > 1]
        scene.notes.append(f"{len(created)} requests filed")
        scene.expect(bool(created), "the fault happened", "nothing was filed")
        scene.expect(not twice, "filed exactly once", f"{len(twice)} were created more than once")

    return run


def _slowly() -> Mood:
    async def mood(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        await asyncio.sleep(6)
        return await on()

    return mood


def _down_at_first() -> Mood:
    began = time.monotonic()

    async def mood(_request: web.Request, _body: bytes, on: Pass) -> web.StreamResponse:
        if time.monotonic() - began < 15:
            return web.Response(status=503)
        return await on()

    return mood


def _accepts_and_hangs_up() -> Mood:
    seen: set[str] = set()

    async def mood(request: web.Request, body: bytes, on: Pass) -> web.StreamResponse:
        answer = await on()
        account = parse_qs(body.decode())["account_id"][0]
        if account not in seen:
            seen.add(account)
            hang_up(request)
        return answer

    return mood


async def _busy(scene: Scene) -> None:
    refused: set[str] = set()

    async def mood(parcel: Parcel) -> web.StreamResponse | None:
        if parcel.key in refused or int(parcel.key[:8], 16) % 2:
            return None
        refused.add(parcel.key)
        return web.Response(status=429, headers={"Retry-After": "2"})

    scene.house.provider.before = mood
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    scene.notes.append(f"{len(refused)} were asked to wait")
    scene.expect(bool(refused), "the fault happened", "nobody was refused")


async def _failing(scene: Scene) -> None:
    until = time.monotonic() + 6

    async def mood(_parcel: Parcel) -> web.StreamResponse | None:
        return web.Response(status=502) if time.monotonic() < until else None

    scene.house.provider.before = mood
    async with scene.talking(from_share=0):
        pass


async def _late(scene: Scene) -> None:
    late: set[str] = set()

    async def mood(parcel: Parcel) -> web.StreamResponse | None:
        # One in six, and the first: chance must not leave the fault out.
        if not late or int(parcel.key[:8], 16) % 6 == 0:
            late.add(parcel.key)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(6)
        return None

    provider = scene.house.provider
    provider.after = mood
    async with scene.talking(from_share=0):
        pass
    await settle(scene.crowd)
    unknown = await scene.house.store.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE state = 'unknown' AND message_id = ANY($1::uuid[])",
        [key.partition(":")[0] for key in late],
    )
    again = [key for key in late if provider.tries[key] > 1]
    scene.notes.append(f"{len(late)} late answers, {unknown} unknown")
    scene.expect(bool(late), "the fault happened", "nobody was late")
    scene.expect(unknown == len(late), "never blindly re-sent", f"{unknown} of {len(late)} are unknown")
    scene.expect(not again, "never blindly re-sent", f"{len(again)} were sent again")
