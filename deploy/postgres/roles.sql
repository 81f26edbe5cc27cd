-- Run once by the postgres image on an empty data folder, as its superuser, in the database civicdesk.
-- Nobody works as the superuser afterwards: the desk owns the database, the bot may do what grants.sql says.
-- For a managed PostgreSQL: run this with psql and the two *_PASSWORD_FILE variables set.
\set ON_ERROR_STOP on
-- Read by psql from the secret files: a password in an argument would be seen in the process list.
\set desk_password `cat "$DESK_PASSWORD_FILE"`
\set bot_password `cat "$BOT_PASSWORD_FILE"`

CREATE ROLE civicdesk LOGIN PASSWORD :'desk_password';
CREATE ROLE civicdesk_bot LOGIN CONNECTION LIMIT 40 PASSWORD :'bot_password';
ALTER ROLE civicdesk_bot SET statement_timeout = '15s';

ALTER DATABASE :"DBNAME" OWNER TO civicdesk;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO civicdesk_bot;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO civicdesk_bot;
