"""`make bench-conversation`: conversations with the running product, judged by what a citizen reads.

The product is started once (embedded engines, actions, bot, gateway, worker) and asked over the web chat's API.

To add a table, add one module to `bench/conversation/tables`; nothing else has to be edited:

    TITLE = "Wishes for a person"

    async def rows(scene: Scene) -> list[Row]:
        async def met(wording: str) -> str:
            async with scene.citizen("en") as citizen:
                response = await citizen.say(wording)
            return "met" if response.owner != "bot" else "not met"

        outcomes = await scene.outcomes(WORDINGS, met)   # a few at once, in order
        return [scene.share("wishes met, English", outcomes, "met", goal=98, limit=90)]

- `scene.citizen(language)` opens a web chat of its own; `say`, `press` and `share_place` return what came back.
- `scene.city` and `scene.catalog` are the city and the texts that the product was started with.
- `scene.share` makes a Row in per cent of all cases. `limit`: worse fails the command; `goal`: what we aim for.
- `scene.miss` lists a case that went wrong in var/bench/conversation-<table>.txt; the figures do not depend on it.
- Cases belong in `bench/conversation/cases/<table>.yml`. A case `held_out: true` is never used for tuning.
- `SHORT=1`, or `python -m bench.conversation --short`, takes every tenth case of `scene.cases(...)`.
- `python -m bench.conversation --only <table>` runs some tables, and replaces their rows alone.
"""
