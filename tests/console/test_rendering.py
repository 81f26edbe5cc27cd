"""Templates are compiled before anybody opens a page, and once in a process."""

from console.rendering import environment


def test_what_one_environment_compiled_serves_the_next() -> None:
    first, second = environment(), environment()
    for one in (first, second):
        one.filters["channel"] = str
    assert first.get_template("problem.html") is not second.get_template("problem.html")
    kept = first.bytecode_cache
    assert kept is not None and kept is second.bytecode_cache
    source, name, _ = second.loader.get_source(second, "problem.html") if second.loader else ("", "", None)
    bucket = kept.get_bucket(second, "problem.html", name, source)
    assert bucket.code is not None
    # Another text under the same name is compiled anew.
    assert kept.get_bucket(second, "problem.html", name, source + "!").code is None
