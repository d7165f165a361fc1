--- Edits that a command makes (`dd`, `p`, `u`, `:s`): what they are shows when the command is over.
local keys = require('byline.keys')
local origin = require('byline.origin')
local registers = require('byline.registers')

local M = {}

local FEW = 15 -- bytes: what a command inserts by the way, as `r`, `J`, `o` and CTRL-A do

---@class byline.CommandEdit
---@field bufnr integer
---@field before {cur: integer, last: integer} the undo sequence when it began
---@field mode string
---@field macro boolean whether a macro ran it
---@field by_key boolean whether a key made it, and not another program
---@field by_line boolean whether it was given on the command line
---@field literal boolean whether its last key was pressed just so
---@field putting boolean whether that key puts a register into the text
---@field repeating boolean whether it repeats the last change
---@field inserted integer bytes, so far
---@field blank boolean whether that is nothing but white space
---@field origin byline.Origin? when it is over

---@param bufnr integer
---@return {cur: integer, last: integer}
local function undo_sequence(bufnr)
  local tree = vim.fn.undotree(bufnr)
  return { cur = tree.seq_cur, last = tree.seq_last }
end

--- The start of a command's edit; to be called before the text changes again.
---@param bufnr integer
---@param mode string
---@return byline.CommandEdit
function M.begin(bufnr, mode)
  return {
    bufnr = bufnr,
    before = undo_sequence(bufnr),
    mode = mode,
    macro = vim.fn.reg_executing() ~= '',
    by_key = keys.at_work(),
    by_line = keys.by_line(),
    literal = keys.literal(),
    putting = keys.putting(),
    repeating = keys.repeating(),
    inserted = 0,
    blank = true,
  }
end

--- In the middle of an undo Neovim still tells the sequence from before it. So a new sequence shows a new change, and
--- the old one with another place in it an undo or a redo.
---@param edit byline.CommandEdit
---@return byline.Origin?
local function time_travel(edit)
  local now = undo_sequence(edit.bufnr)
  if now.last == edit.before.last and now.cur ~= edit.before.cur then
    return now.cur < edit.before.cur and origin.UNDO or origin.REDO
  end
end

---@param bufnr integer
---@return string? # the text that was put last
local function put_text(bufnr)
  local first = vim.api.nvim_buf_get_mark(bufnr, '[')
  local last = vim.api.nvim_buf_get_mark(bufnr, ']')
  local stop = vim.fn.strlen(vim.api.nvim_buf_get_lines(bufnr, last[1] - 1, last[1], false)[1] or '')
  local ok, lines =
    pcall(vim.api.nvim_buf_get_text, bufnr, first[1] - 1, first[2], last[1] - 1, math.min(stop, last[2] + 1), {})
  return ok and table.concat(lines, '\n') or nil
end

---@param edit byline.CommandEdit
---@return byline.Origin
local function judge(edit)
  local travel = time_travel(edit)
  if travel then
    return travel
  end
  local literal = edit.literal and not edit.macro
  if edit.inserted == 0 and edit.by_key then
    return literal and not edit.by_line and origin.TYPED or origin.TYPED_BY_COMMAND
  end
  if edit.by_line then
    return origin.OTHER
  end
  if edit.putting and edit.mode:find('^[nvV\22]') then
    return registers.paste(put_text(edit.bufnr) or '')
  end
  if edit.blank then
    return literal and origin.TYPED or origin.TYPED_BY_SHAPE
  end
  if edit.inserted <= FEW and (literal or edit.repeating) then
    return literal and not edit.repeating and origin.TYPED or origin.TYPED_BY_SHAPE
  end
  return origin.OTHER
end

--- The command is over: say what its edit was.
---@param edit byline.CommandEdit
function M.finish(edit)
  if not edit.origin then
    edit.origin = vim.api.nvim_buf_is_loaded(edit.bufnr) and judge(edit) or origin.OTHER
  end
end

return M
