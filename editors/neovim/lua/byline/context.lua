--- `byline/editContext`: where the changes of each version of a document came from.
---
--- One origin is noted for each event of `nvim_buf_attach`; Neovim's language client makes one content change of each.
--- The origins of a version go to the server just before its `textDocument/didChange` does. Only what a command does is
--- known when it is over: then they go right after.
local command_edit = require('byline.command_edit')
local keys = require('byline.keys')
local origin = require('byline.origin')
local registers = require('byline.registers')
local stack = require('byline.stack')

local M = {}

local FEW = 500 -- bytes of an insertion that are looked at as text

---@alias byline.Notify fun(method: string, params: table): boolean

---@class byline.Entry one event
---@field tick integer the version that it led to
---@field origin byline.Origin? nil while the command that made it is running
---@field command byline.CommandEdit?

---@class byline.Watched
---@field bufnr integer
---@field alive boolean whether a server has the document open
---@field entries byline.Entry[] of what was not sent yet
---@field command byline.CommandEdit? that is running
---@field early integer? the version whose last event was noted before it came
---@field inserted integer bytes since the last event
---@field blank boolean whether these are white space
---@field text string these, if they are few

---@class byline.Late a version whose origins are not all known
---@field notify byline.Notify
---@field uri string
---@field version integer
---@field entries byline.Entry[]
---@field changes integer

local watched = {} ---@type table<string, byline.Watched> by URI
local late = {} ---@type byline.Late[]
local running = false -- whether a command's edit was seen that was not judged yet

---@param entry byline.Entry
---@return byline.Origin?
local function origin_of(entry)
  return entry.origin or (entry.command and entry.command.origin)
end

--- One origin for each change, or one for all. What cannot be told apart is `other`.
---@param entries byline.Entry[]
---@param changes integer
---@return byline.Origin[]
local function origins_of(entries, changes)
  local origins = vim.tbl_map(origin_of, entries)
  local first = origins[1]
  local same = vim.iter(origins):all(function(each)
    return each == first
  end)
  if same then
    return { first }
  end
  return #origins == changes and origins or { origin.OTHER }
end

---@param notify byline.Notify
---@param uri string
---@param version integer
---@param origins byline.Origin[]
local function send(notify, uri, version, origins)
  notify('byline/editContext', { textDocument = { uri = uri, version = version }, origins = origins })
end

---@param buffer byline.Watched
local function forget_inserted(buffer)
  buffer.inserted, buffer.blank, buffer.text = 0, true, ''
end

--- The commands that ran are over, so what they did is known: send it.
local function send_late()
  if not running then
    return
  end
  running = false
  for _, buffer in pairs(watched) do
    if buffer.command then
      buffer.command.inserted = buffer.command.inserted + buffer.inserted
      buffer.command.blank = buffer.command.blank and buffer.blank
      forget_inserted(buffer)
      command_edit.finish(buffer.command)
      buffer.command = nil
    end
  end
  local ready = late
  late = {}
  for _, each in ipairs(ready) do
    send(each.notify, each.uri, each.version, origins_of(each.entries, each.changes))
  end
end

--- The origin of an edit that is being made just now, or nil for a command's.
---@param buffer byline.Watched
---@param mode string
---@return byline.Origin?
local function judge(buffer, mode)
  local by_code = stack.origin(stack.read(), buffer.bufnr, buffer.text)
  if not by_code or by_code.tool == vim.NIL then
    by_code = registers.pasting() or by_code
  end
  if by_code then
    keys.soil()
    return by_code
  end
  if not keys.inserting(mode) then
    return nil
  end
  local insertion = keys.insertion(mode, buffer.blank)
  return insertion.origin or registers.paste(vim.fn.getreg(insertion.register))
end

---@param buffer byline.Watched
---@param tick integer
local function note(buffer, tick)
  local mode = vim.api.nvim_get_mode().mode
  local found = judge(buffer, mode)
  local entry = { tick = tick, origin = found }
  if found then
    forget_inserted(buffer)
  else
    if not buffer.command then
      buffer.command = command_edit.begin(buffer.bufnr, mode)
      running = true
      vim.schedule(send_late)
    end
    entry.command = buffer.command
  end
  table.insert(buffer.entries, entry)
end

---@param buffer byline.Watched
local function attach(buffer)
  vim.api.nvim_buf_attach(buffer.bufnr, false, {
    on_bytes = function(_, _, _, row, column, _, _, _, _, rows, columns, bytes)
      if bytes > 0 then
        local stop = rows == 0 and column + columns or columns
        local ok, lines = pcall(vim.api.nvim_buf_get_text, buffer.bufnr, row, column, row + rows, stop, {})
        local text = ok and table.concat(lines, '\n') or '?'
        buffer.blank = buffer.blank and not text:find('%S')
        buffer.text = #text <= FEW and text or ''
        buffer.inserted = buffer.inserted + bytes
      end
      return not buffer.alive
    end,
    on_lines = function(_, _, tick)
      if not buffer.alive then
        return true
      end
      if buffer.early == tick then
        buffer.early = nil
      else
        note(buffer, tick)
      end
    end,
    on_detach = function()
      buffer.alive = false
    end,
  })
end

--- A server opens a document: watch it from now on.
---@param uri string
function M.opened(uri)
  M.closed(uri)
  local bufnr = vim.uri_to_bufnr(uri)
  local buffer = { bufnr = bufnr, alive = true, entries = {}, inserted = 0, blank = true, text = '' }
  watched[uri] = buffer
  attach(buffer)
end

--- A server closes a document. What was not sent is no longer of any version.
---@param uri string
function M.closed(uri)
  if watched[uri] then
    watched[uri].alive = false
    watched[uri] = nil
  end
  late = vim.tbl_filter(function(each)
    return each.uri ~= uri
  end, late)
end

--- The buffer of a document that a server has open.
---@param uri string
---@return integer?
function M.buffer(uri)
  return watched[uri] and watched[uri].bufnr
end

--- A version is about to be sent: say where its changes came from, or see to it that it will be said.
---@param notify byline.Notify
---@param params lsp.DidChangeTextDocumentParams
function M.changing(notify, params)
  local uri, version = params.textDocument.uri, params.textDocument.version
  local buffer = watched[uri]
  if not buffer then
    return
  end
  local entries = buffer.entries
  if #entries == 0 or entries[#entries].tick < version then
    -- Neovim's client may hear of an event before us, and sends the first of several at once.
    note(buffer, version)
    buffer.early = version
  end
  local sent = vim.tbl_filter(function(entry)
    return entry.tick <= version
  end, entries)
  buffer.entries = vim.list_slice(entries, #sent + 1)
  if vim.iter(sent):all(origin_of) then
    send(notify, uri, version, origins_of(sent, #params.contentChanges))
  else
    table.insert(late, {
      notify = notify,
      uri = uri,
      version = version,
      entries = sent,
      changes = #params.contentChanges,
    })
  end
end

--- Say what can be said by now. A command that has changed the text is over when the next key is read, or the editor
--- idles, or a server is to be shut down.
M.catch_up = send_late

return M
