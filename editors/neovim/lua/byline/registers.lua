--- Registers and the clipboard: which pasted text was yanked here, and where it stands.
local origin = require('byline.origin')

local M = {}

local REMEMBERED = 50

local yanks = {} ---@type table<string, byline.Clip> by the text's SHA-256
local order = {} ---@type string[]
local last = nil ---@type {text: string, origin: byline.Origin}? the newest paste, of which there may be many edits
local pasting = nil ---@type byline.Origin? while `vim.paste` runs

---@param text string
---@return string # the same for a text with and without its last line break
local function digest(text)
  return vim.fn.sha256((text:gsub('\n$', '')))
end

---@param text string
---@return byline.Origin
function M.paste(text)
  if last and last.text == text then
    return last.origin
  end
  local sha256 = digest(text)
  local clip = yanks[sha256]
    or { sha256 = sha256, internal = false, srcUri = vim.NIL, srcVersion = vim.NIL, srcRange = vim.NIL }
  last = { text = text, origin = origin.new('paste', { proof = 'command', clip = clip }) }
  return last.origin
end

--- A paste by the terminal or by another program that is going on just now.
---@return byline.Origin?
function M.pasting()
  return pasting
end

---@param clip byline.Clip
local function remember(clip)
  last = nil
  if not yanks[clip.sha256] then
    table.insert(order, clip.sha256)
    if #order > REMEMBERED then
      yanks[table.remove(order, 1)] = nil
    end
  end
  yanks[clip.sha256] = clip
end

local function on_yank()
  local event = vim.v.event
  local bufnr = vim.api.nvim_get_current_buf()
  local text = table.concat(event.regcontents, '\n')
  local clip = {
    sha256 = digest(text),
    internal = true,
    srcUri = vim.NIL,
    srcVersion = vim.NIL,
    srcRange = vim.NIL,
  }
  if event.operator == 'y' and vim.bo[bufnr].buftype == '' then
    local from, to = vim.fn.line("'["), vim.fn.line("']")
    clip.srcUri = vim.uri_from_bufnr(bufnr)
    clip.srcVersion = vim.lsp.util.buf_versions[bufnr] or vim.NIL
    clip.srcRange = {
      start = { line = from - 1, character = 0 },
      ['end'] = { line = to, character = 0 },
    }
  end
  remember(clip)
end

--- Have `vim.paste` say what it pastes while it does.
local function wrap_paste()
  local paste = vim.paste
  vim.paste = function(lines, phase)
    local whole = phase == -1 -- else it comes in pieces, and what all of it is shows too late
    pasting = whole and M.paste(table.concat(lines, '\n')) or origin.new('paste', { proof = 'command' })
    local ok, result = pcall(paste, lines, phase)
    pasting = nil
    if not ok then
      error(result, 0)
    end
    return result
  end
end

---@param group integer of autocommands
function M.setup(group)
  vim.api.nvim_create_autocmd('TextYankPost', { group = group, callback = on_yank })
  wrap_paste()
end

return M
