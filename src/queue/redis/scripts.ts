import type { Redis } from "ioredis";

/** What the Lua code of writes begins with: `answered` gives the answer to a write that was done before. */
const WRITES = `
local function answered(key, number)
  local last = redis.call('GET', key)
  if not last then return nil end
  local at, answer = string.match(last, '^(%d+) (.*)$')
  if tonumber(at) < tonumber(number) then return nil end
  return answer
end
local function remember(key, number, answer, lasts)
  redis.call('SET', key, number .. ' ' .. answer, 'PX', lasts)
end
`;

/** What the Lua code of folders begins with: `forgetGone` lets one forget the files that are gone, and gives the time in ms. */
const FOLDERS = `
local function forgetGone(folder)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', folder, '-inf', string.format('%.0f', now))
  return now
end
`;

// Each runs as a whole or not at all, and nothing else runs meanwhile.
const SCRIPTS = {
  /** KEYS: log, lines, write. ARGV: number, ms that a write is remembered, ms that the log lasts. */
  claimLog: {
    numberOfKeys: 3,
    lua: `${WRITES}
local done = answered(KEYS[3], ARGV[1])
if done then return tonumber(done) end
local claim = redis.call('HINCRBY', KEYS[1], 'claim', 1)
if redis.call('HEXISTS', KEYS[1], 'closed') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
remember(KEYS[3], ARGV[1], claim, ARGV[2])
return claim`,
  },
  /** KEYS: as above. ARGV: as above, claim, 0 where nobody has one, or "", "1" where it closes, channel, name of the log, what a log remembers
   * of the write that closed it, then the lines. */
  appendToLog: {
    numberOfKeys: 3,
    lua: `${WRITES}
local state = redis.call('HMGET', KEYS[1], 'claim', 'closed')
if state[2] then return state[2] == ARGV[8] and 1 or 0 end
if answered(KEYS[3], ARGV[1]) then return 1 end
if ARGV[4] ~= '' and ARGV[4] ~= (state[1] or '0') then return 0 end
for first = 9, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[2], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
local claim = ARGV[4] == '0' and 1 or state[1] or 0
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'claim', claim, 'closed', ARGV[8])
else
  if ARGV[4] == '0' then redis.call('HSET', KEYS[1], 'claim', claim) end
  remember(KEYS[3], ARGV[1], 1, ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 1`,
  },
  /**
   * KEYS: lines of many logs. ARGV: bytes that are left, bytes that a line counts besides, then a position for each.
   * Gives the bytes left, and for each log with lines: its place among KEYS and the lines.
   */
  readLogs: {
    lua: `
local left, each = tonumber(ARGV[1]), tonumber(ARGV[2])
local found = {}
for place, key in ipairs(KEYS) do
  if left <= 0 then break end
  local from, length = tonumber(ARGV[place + 2]), redis.call('LLEN', key)
  local lines, bytes, step = {}, 0, 1
  while from < length and left > 0 do
    local some = redis.call('LRANGE', key, string.format('%.0f', from), string.format('%.0f', from + step - 1))
    for _, line in ipairs(some) do
      if left <= 0 then break end
      lines[#lines + 1] = line
      bytes = bytes + #line + each
      left = left - #line - each
    end
    from = from + #some
    -- As many as the size of those before lets expect, so that not much more is read than is given.
    step = math.max(1, math.min(step * 4, 1000, math.floor(left * #lines / bytes)))
  end
  if #lines > 0 then
    found[#found + 1] = place
    found[#found + 1] = lines
  end
end
return { left, found }`,
  },
  /**
   * KEYS: file, folder, write. ARGV: number, ms that a write is remembered, "any", "none" or "tag", the tag that may be replaced, name,
   * bytes, tag, ms that the file lasts or "". A folder has the time when each file is gone, and forgets those that are.
   */
  putFile: {
    numberOfKeys: 3,
    lua: `${WRITES}${FOLDERS}
local done = answered(KEYS[3], ARGV[1])
if done then return done end
local tag = redis.call('HGET', KEYS[1], 'tag')
if ARGV[3] == 'none' and tag then return nil end
if ARGV[3] == 'tag' and tag ~= ARGV[4] then return nil end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'bytes', ARGV[6], 'tag', ARGV[7])
local now = forgetGone(KEYS[2])
local gone = '+inf'
if ARGV[8] ~= '' then
  gone = string.format('%.0f', now + ARGV[8])
  redis.call('PEXPIREAT', KEYS[1], gone)
end
redis.call('ZADD', KEYS[2], gone, ARGV[5])
local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
if last == 'inf' then redis.call('PERSIST', KEYS[2])
else redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', tonumber(last))) end
remember(KEYS[3], ARGV[1], ARGV[7], ARGV[2])
return ARGV[7]`,
  },
  /** KEYS: file and folder of each. ARGV: their names. */
  removeFiles: {
    lua: `
for place, name in ipairs(ARGV) do
  redis.call('UNLINK', KEYS[place * 2 - 1])
  redis.call('ZREM', KEYS[place * 2], name)
end`,
  },
  /** KEYS: folder. */
  listFolder: {
    numberOfKeys: 1,
    lua: `${FOLDERS}
forgetGone(KEYS[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)`,
  },
} as const;

type Values<Value> = readonly Value[];

/**
 * The commands that `redis` has besides its own. All values are in one array, as there are more of them at times than a
 * function takes; where the number of keys varies it comes first.
 */
export interface Scripts {
  claimLog(values: Values<string | number>): Promise<number>;
  appendToLog(values: Values<string | number>): Promise<number>;
  readLogs(values: Values<string | number>): Promise<[number, (number | string[])[]]>;
  putFile(values: Values<string | number | Uint8Array>): Promise<string | null>;
  removeFiles(values: Values<string | number>): Promise<null>;
  listFolder(values: Values<string>): Promise<string[]>;
}

export function withScripts(redis: Redis): Redis & Scripts {
  for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script);
  return redis as Redis & Scripts;
}
