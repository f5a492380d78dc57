-- Run by the superuser. The database's owner is no superuser, as with a managed server.
\getenv owner OWNER
\getenv password OWNER_PASSWORD
\getenv database OWNED_DATABASE
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"owner";
