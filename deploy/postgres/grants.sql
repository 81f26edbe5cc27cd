-- What the bot may do: keep its dialogue state. It sees no message, no contact and no agent.
-- Run by deploy/prepare.py after every migration, as the owner of the tables; repeating it changes nothing.
GRANT SELECT, INSERT, UPDATE, DELETE ON trackers TO civicdesk_bot;
