--- Keys: what a person really pressed, and which of it became text.
---
--- `vim.on_key` tells of each key what it is and what was typed for it. They are the same for a literal key and differ
--- for what a mapping, a macro, a register or a plug-in feeds in. Nothing of the keys themselves is kept or sent.
local completion = require('byline.completion')
local origin = require('byline.origin')

local M = {}

local BURST = 15 -- more characters than this within `WINDOW` were not typed
local WINDOW = 50 * 1e6 -- ns
local FED = 200 -- bytes of fed keys that are looked at

-- Keys that a person presses in insert mode and that put in line breaks and indent, or take text out.
local EDITING = {}
for _, name in ipairs({ 'CR', 'NL', 'BS', 'Del', 'C-H', 'C-W', 'C-U', 'Tab', 'C-T', 'C-D', 'C-F' }) do
  EDITING[vim.api.nvim_replace_termcodes('<' .. name .. '>', true, true, true)] = true
end
local REGISTER = '\18' -- CTRL-R

local CLOSERS = { [')'] = true, [']'] = true, ['}'] = true, ['>'] = true, ['"'] = true, ["'"] = true, ['`'] = true }

-- Expressions by which completion plug-ins in Vim script have their text inserted (`<C-R><C-O>=…`).
local ACCEPTORS = {
  { call = 'copilot#TextQueuedForInsertion', tool = 'copilot' },
  { call = 'codeium#CompletionText', tool = 'windsurf' },
  { call = 'get_completion_text()', tool = 'windsurf' },
}

local key = '' -- the last one
local literal = false -- whether it was pressed just so
local at_work = false -- whether it still has its effect: what comes after that is not the key's doing
local by_line = false -- whether it has ended a command line
local pressed = { '', '' } -- the last keys that a person pressed, the newest first
local pressed_inserting = false -- whether the newest was pressed in insert mode
local fed = '' -- what was fed in since
local char = nil ---@type string? the character that is about to be inserted
local run = '' -- the characters that were inserted for the newest key that was pressed
local times = {} ---@type integer[] when the last literal characters came, a ring
local at = 0
local recorded = {} ---@type table<string, string> macros that were recorded here, by register
local before_key ---@type fun()
local clean = true -- whether the last insertion was typed throughout

--- Whether an edit that is made just now is one of insert or replace mode; `r` shows the latter mode, too.
---@param mode string
function M.inserting(mode)
  return mode:find('^i') ~= nil or (mode:find('^R') ~= nil and char ~= nil)
end

local function over()
  at_work = false
end

---@param new string
---@param typed string
local function on_key(new, typed)
  before_key()
  char, by_line, at_work = nil, false, true
  vim.schedule(over)
  key = new
  literal = new == typed
  if typed and typed ~= '' then
    pressed[2], pressed[1] = pressed[1], typed
    pressed_inserting = vim.api.nvim_get_mode().mode:find('^[iR]') ~= nil
    fed = literal and '' or new
    run = ''
    if pressed_inserting then
      completion.look()
    end
  elseif #fed < FED then
    fed = fed .. new
  end
end

local function on_char()
  char = vim.v.char
  run = #run < FED and run .. char or run
end

--- Whether literal characters come faster than anybody types: a paste without brackets, or a program's input.
---@return boolean
local function burst()
  local now = vim.uv.hrtime()
  at = at % BURST + 1
  local before = times[at]
  times[at] = now
  return before ~= nil and now - before < WINDOW
end

---@return boolean # whether the macro that is running was recorded here, key by key
local function own_macro()
  local register = vim.fn.reg_executing()
  return register ~= '' and recorded[register:lower()] == vim.fn.sha256(vim.fn.getreg(register))
end

---@return string? # the register that CTRL-R inserts just now
local function inserted_register()
  if pressed_inserting and pressed[2]:sub(-1) == REGISTER then
    return pressed[1]
  end
  return fed:match(REGISTER .. '[\15\16\18]?(.)')
end

---@class byline.Insertion
---@field origin byline.Origin?
---@field register string? where the text is a register's

--- What an edit in insert mode is, as far as the keys tell.
---@param mode string
---@param blank boolean whether it inserts nothing but white space
---@return byline.Insertion
function M.insertion(mode, blank)
  local now, by_key = char, M.literal()
  char = nil
  if by_key and (now == key or (now == nil and blank and EDITING[key])) then
    if now and burst() then
      clean = false
      return { origin = origin.OTHER }
    end
    return { origin = origin.TYPED }
  end
  if mode:find('^.[cx]') and at_work then
    return { origin = origin.SUGGEST }
  end
  for _, acceptor in ipairs(ACCEPTORS) do
    if fed:find(acceptor.call, 1, true) then
      clean = false
      return { origin = origin.new('inlineAccept', { tool = acceptor.tool, proof = 'command' }) }
    end
  end
  if vim.fn.reg_executing() ~= '' then
    return { origin = own_macro() and (now == key or now == nil) and origin.TYPED_BY_SHAPE or origin.OTHER }
  end
  if M.repeating() then
    local typed_before = clean and vim.fn.getreg('.'):find(run, 1, true)
    return { origin = typed_before and origin.TYPED_BY_SHAPE or origin.OTHER }
  end
  local register = inserted_register()
  if register then
    clean = false
    return { register = register }
  end
  if blank or (by_key and now) or CLOSERS[now] then
    return { origin = origin.TYPED_BY_SHAPE }
  end
  clean = false
  return { origin = completion.origin(run) or origin.OTHER }
end

--- Whether `.` repeats the last change.
function M.repeating()
  return at_work and not pressed_inserting and pressed[1] == '.'
end

--- Whether the last key puts a register into the text.
function M.putting()
  return at_work and (key == 'p' or key == 'P')
end

--- Whether a key has its effect just now that was pressed just so.
function M.literal()
  return literal and at_work
end

--- Whether any key has its effect just now, pressed or fed in.
function M.at_work()
  return at_work
end

--- Whether it ended a command line, whose command runs.
function M.by_line()
  return by_line
end

--- Whether the last insertion must not be taken for typed when it is repeated.
function M.soil()
  clean = false
end

---@param group integer of autocommands
---@param listener fun() is called before a key has any effect here
function M.setup(group, listener)
  before_key = listener
  local autocmd = vim.api.nvim_create_autocmd
  vim.on_key(on_key, vim.api.nvim_create_namespace('byline.keys'))
  autocmd('InsertCharPre', { group = group, callback = on_char })
  autocmd('InsertEnter', {
    group = group,
    callback = function()
      clean = clean or not M.repeating()
    end,
  })
  autocmd('CmdlineLeave', {
    group = group,
    pattern = ':',
    callback = function()
      by_line = true
    end,
  })
  autocmd('RecordingLeave', {
    group = group,
    callback = function()
      recorded[vim.v.event.regname:lower()] = vim.fn.sha256(vim.v.event.regcontents)
    end,
  })
end

return M
