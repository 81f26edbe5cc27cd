-- The roles of the product. The postgres image runs this once on an empty data folder, as its superuser, in the database
-- civicdesk. For a managed PostgreSQL, or to add the roles that a newer release needs, run it with psql and the five
-- *_PASSWORD_FILE variables set; repeating it sets the passwords and changes nothing else.
--
-- `civicdesk` owns the database and migrates (deploy/prepare.py); no process that serves anybody works as it.
-- `civicdesk_gateway`, `civicdesk_worker`, `civicdesk_bot` and `civicdesk_trainer` may do what desk/store/grants.py says, table by table.
\set ON_ERROR_STOP on
-- Read by psql from the secret files: a password in an argument would be seen in the process list.
\set desk_password `cat "$DESK_PASSWORD_FILE"`
\set gateway_password `cat "$GATEWAY_PASSWORD_FILE"`
\set worker_password `cat "$WORKER_PASSWORD_FILE"`
\set bot_password `cat "$BOT_PASSWORD_FILE"`
\set trainer_password `cat "$TRAINER_PASSWORD_FILE"`

SELECT format('CREATE ROLE %I LOGIN', name)
  FROM unnest(ARRAY['civicdesk', 'civicdesk_gateway', 'civicdesk_worker', 'civicdesk_bot', 'civicdesk_trainer']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec
ALTER ROLE civicdesk PASSWORD :'desk_password';
ALTER ROLE civicdesk_gateway PASSWORD :'gateway_password';
ALTER ROLE civicdesk_worker PASSWORD :'worker_password';
ALTER ROLE civicdesk_bot CONNECTION LIMIT 40 PASSWORD :'bot_password';
ALTER ROLE civicdesk_bot SET statement_timeout = '15s';
ALTER ROLE civicdesk_trainer CONNECTION LIMIT 10 PASSWORD :'trainer_password';

ALTER DATABASE :"DBNAME" OWNER TO civicdesk;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO civicdesk_gateway, civicdesk_worker, civicdesk_bot, civicdesk_trainer;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO civicdesk_gateway, civicdesk_worker, civicdesk_bot, civicdesk_trainer;
