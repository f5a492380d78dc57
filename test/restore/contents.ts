/** Runs SQL in a database and returns its lines. */
export type Ask = (sql: string) => Promise<string>;

/** Every table with its owner, its columns' types, and a digest of all its rows; large objects, extensions, the database's own properties, and who may do what. */
export async function contents(ask: Ask): Promise<Record<string, string>> {
  const tables = await ask(
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;",
  );
  const found: Record<string, string> = {};
  for (const table of tables.split("\n")) {
    const quoted = `$$${table}$$`;
    found[table] = await ask(
      `SELECT count(*) || ' rows ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ${table} t;
       SELECT string_agg(format('%s %s %s', attname, format_type(atttypid, atttypmod), attnotnull), ', ' ORDER BY attnum)
         FROM pg_attribute WHERE attrelid = ${quoted}::regclass AND attnum > 0 AND NOT attisdropped;
       SELECT 'owner ' || relowner::regrole || ' ' || string_agg(format('%s: %s', grantee::regrole, privilege_type), ', ' ORDER BY grantee::regrole::text, privilege_type)
         FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner))) WHERE pg_class.oid = ${quoted}::regclass GROUP BY relowner;
       SELECT coalesce(string_agg(pg_get_constraintdef(oid), ', ' ORDER BY conname), '') FROM pg_constraint WHERE conrelid = ${quoted}::regclass;
       SELECT coalesce(string_agg(indexdef, ', ' ORDER BY indexname), '') FROM pg_indexes WHERE format('%I.%I', schemaname, tablename) = ${quoted};`,
    );
  }
  found["large objects"] = await ask(
    "SELECT count(*) || ' ' || md5(coalesce(string_agg(lo_get(oid)::text, '|' ORDER BY oid), '')) FROM pg_largeobject_metadata;",
  );
  found.extensions = await ask(
    "SELECT string_agg(extname || ' ' || extversion, ', ' ORDER BY extname) FROM pg_extension;",
  );
  found.sequences = await ask(
    "SELECT string_agg(format('%s.%s %s', schemaname, sequencename, last_value), ', ' ORDER BY sequencename) FROM pg_sequences;",
  );
  found.functions = await ask(
    "SELECT coalesce(string_agg(pg_get_functiondef(pg_proc.oid), ';' ORDER BY proname), '') FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND probin IS NULL;",
  );
  found.database = await ask(
    "SELECT format('%s %s %s %s', datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = current_database();",
  );
  found.properties = await ask(
    `SELECT format('setting of %s: %s', setrole::regrole, setting) FROM pg_db_role_setting, unnest(setconfig) AS setting
       WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1;
     SELECT format('%s: %s', grantee::regrole, privilege_type) FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
       WHERE datname = current_database() ORDER BY 1;
     SELECT defaclacl::text FROM pg_default_acl ORDER BY 1;
     SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database();`,
  );
  return found;
}
