--- How an attribution is put into words. All of it is plain text: what comes from notes and prompts is data.
local M = {}

---@class byline.Line a line of `byline/attribution`
---@field line integer 1-based
---@field text string
---@field state 'ai'|'ai_modified'|'human'|'original'|'unknown'
---@field commit string|vim.NIL
---@field author string|vim.NIL
---@field time string|vim.NIL ISO 8601
---@field tool string|vim.NIL
---@field model string|vim.NIL
---@field prompt string|vim.NIL
---@field level string|vim.NIL

M.SIGNS = { ai = '●', ai_modified = '◐', human = '○', original = '·', unknown = '·' }

M.HIGHLIGHTS = {
  ai = 'BylineAi',
  ai_modified = 'BylineAiModified',
  human = 'BylineHuman',
  original = 'BylineUnknown',
  unknown = 'BylineUnknown',
}

local TOOLS = {
  ['claude-code'] = 'Claude Code',
  codex = 'Codex',
  ['gemini-cli'] = 'Gemini CLI',
  opencode = 'OpenCode',
  copilot = 'Copilot',
  ['github-copilot'] = 'Copilot',
  ['copilot-cli'] = 'Copilot CLI',
  cursor = 'Cursor',
  aider = 'Aider',
  cline = 'Cline',
  windsurf = 'Windsurf',
  continue = 'Continue',
  amp = 'Amp',
  droid = 'Droid',
}

-- What Unicode has to control, to change direction and to be invisible.
local UNSEEN = '[\\x80-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]'

local UNITS = {
  { 31536000, 'year' },
  { 2592000, 'month' },
  { 604800, 'week' },
  { 86400, 'day' },
  { 3600, 'hour' },
  { 60, 'minute' },
}

--- One line of plain text: nothing in it moves the cursor, hides or reorders other text.
---@param text any
---@param length integer in characters
---@return string # empty where `text` is not a string
function M.plain(text, length)
  if type(text) ~= 'string' then
    return ''
  end
  text = vim.trim(text:sub(1, 4 * length + 64):gsub('%s+', ' '):gsub('%c', '�'))
  text = vim.fn.substitute(text, UNSEEN, '�', 'g')
  if vim.fn.strchars(text) > length then
    text = vim.trim(vim.fn.strcharpart(text, 0, length - 1)) .. '…'
  end
  return text
end

---@param tool any
---@return string
function M.tool(tool)
  return TOOLS[tool] or (type(tool) == 'string' and M.plain(tool, 30)) or 'AI'
end

--- How long ago a moment was, in its largest unit.
---@param time any ISO 8601 with an offset
---@param now integer seconds since 1970
---@return string # empty where there is no time
function M.ago(time, now)
  local pattern = '^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)([+-])(%d+):(%d+)$'
  local year, month, day, hour, minute, second, sign, hours, minutes = (type(time) == 'string' and time:gsub(
    'Z$',
    '+00:00'
  ) or ''):match(pattern)
  if not year then
    return ''
  end
  -- Days since 1970 by the civil calendar: `os.time` would read the date in the local time zone.
  local y, m = tonumber(year), tonumber(month)
  y, m = (m <= 2) and y - 1 or y, (m + 9) % 12
  local days = 365 * y
    + math.floor(y / 4)
    - math.floor(y / 100)
    + math.floor(y / 400)
    + math.floor((153 * m + 2) / 5)
    + tonumber(day)
    - 1
    - 719468
  local offset = (tonumber(hours) * 60 + tonumber(minutes)) * (sign == '-' and -60 or 60)
  local moment = ((days * 24 + tonumber(hour)) * 60 + tonumber(minute)) * 60 + tonumber(second) - offset
  local passed = math.max(0, now - moment)
  for _, unit in ipairs(UNITS) do
    if passed >= unit[1] then
      local count = math.floor(passed / unit[1])
      return ('%d %s%s ago'):format(count, unit[2], count > 1 and 's' or '')
    end
  end
  return 'just now'
end

--- Who wrote a line, in a few words.
---@param line byline.Line
---@return string
function M.who(line)
  local person = type(line.author) == 'string' and M.plain(line.author:gsub('%s*<.*$', ''), 30) or 'you'
  if line.state == 'ai' then
    return M.tool(line.tool)
  elseif line.state == 'ai_modified' then
    return M.tool(line.tool) .. ', changed since'
  elseif line.state == 'human' or type(line.commit) == 'string' then
    return person
  end
  return 'unknown'
end

--- A line in one line: `◐ Claude Code, changed since · “add rate limiting” · 2 days ago`.
---@param line byline.Line
---@param now integer
---@return string
function M.sentence(line, now)
  local prompt = M.plain(line.prompt, 50)
  local parts = {
    M.SIGNS[line.state] .. ' ' .. M.who(line),
    prompt ~= '' and ('“%s”'):format(prompt) or '',
    M.ago(line.time, now),
  }
  return table.concat(
    vim.tbl_filter(function(part)
      return part ~= ''
    end, parts),
    ' · '
  )
end

--- A summary for a status line: `62 % AI`. Empty where nothing is known.
---@param summary {total: integer, ai: integer, ai_modified: integer, human: integer}
---@return string
function M.share(summary)
  local ai = summary.ai + summary.ai_modified
  if summary.total == 0 or ai + summary.human == 0 then
    return ''
  elseif ai == summary.total or ai == 0 then
    return ai == 0 and '0 % AI' or '100 % AI'
  end
  return ('%d %% AI'):format(math.min(99, math.max(1, math.floor(100 * ai / summary.total + 0.5))))
end

return M
