/** Lua that prints how many keys a database has, and a digest of every key with its value and its expiry, by Redis itself. */
export const redisDigest = `
local keys = redis.call("KEYS", "*")
table.sort(keys)
local text = ""
for _, key in ipairs(keys) do
  text = text .. key .. " " .. redis.sha1hex(redis.call("DUMP", key)) .. " " .. redis.call("PEXPIRETIME", key) .. "\\n"
end
return #keys .. " " .. redis.sha1hex(text)`;
