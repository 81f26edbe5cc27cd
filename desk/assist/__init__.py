"""Machine help for agents: translation and drafts from providers that the city chooses. Off unless city.yml names them.

Nothing from here is sent to a citizen: it is shown to an agent, or inserted into the agent's draft.
"""
