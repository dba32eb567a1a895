-- The three roles and the database, made once by an administrator. Run again it changes only the two passwords.
--   OWNER_PASSWORD=… APP_PASSWORD=… psql "$ADMIN_URL" -f saas/roles.sql
-- owner  owns the tables and runs the migrations; member of gate without inheriting what gate may read
-- app    what web and worker sign in as: what each table grants it, under row-level security
-- gate   nobody signs in as it; owns the few functions that look across tenants
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

select 'create role owner login noinherit' where not exists (select from pg_roles where rolname = 'owner') \gexec
select 'create role app login' where not exists (select from pg_roles where rolname = 'app') \gexec
select 'create role gate nologin' where not exists (select from pg_roles where rolname = 'gate') \gexec
alter role owner with login noinherit password :'owner_password';
alter role app with login password :'app_password';
grant gate to owner;

-- An administrator who is no superuser must be a member of owner to give it a database.
select format('grant owner to %I', current_user)
  where not (select rolsuper from pg_roles where rolname = current_user) \gexec
select $$create database charterway owner owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'$$
  where not exists (select from pg_database where datname = 'charterway') \gexec
revoke connect, temporary on database charterway from public;
grant connect on database charterway to app;
\connect charterway
revoke create on schema public from public;
grant create on schema public to owner;
