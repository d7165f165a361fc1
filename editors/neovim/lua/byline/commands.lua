--- `:Byline`.
local ask = require('byline.ask')
local attribution = require('byline.attribution')
local client = require('byline.client')
local config = require('byline.config')

local M = {}

---@class byline.Call
---@field args string[] after the sub-command
---@field first integer 0-based, of the range
---@field last integer 0-based, inclusive

---@param call byline.Call
---@return integer bufnr
---@return table place as the server's commands take it
local function place(call)
  local bufnr = vim.api.nvim_get_current_buf()
  return bufnr, { uri = vim.uri_from_bufnr(bufnr), range = attribution.lines(call.first, call.last) }
end

---@param bufnr integer
---@return string? # the root of the repository that a buffer is in
local function root(bufnr)
  local attached = client.of(bufnr)
  return attached and attached.root_dir
end

---@param text string
local function scratch(text)
  vim.cmd.new()
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.filetype = 'nofile', 'wipe', 'gitcommit'
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, '\n', { plain = true }))
end

--- Write a message into an empty commit buffer; what a person typed is never touched.
---@param text string
local function offer_message(text)
  local first = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  if vim.bo.filetype == 'gitcommit' and first == '' then
    vim.api.nvim_buf_set_lines(0, 0, 1, false, vim.split(vim.trim(text), '\n', { plain = true }))
  else
    scratch(text)
  end
end

local PARTS = {
  blame = 'byline.blame',
  lens = 'byline.lens',
  signs = 'byline.signs',
}

---@type table<string, {run: fun(call: byline.Call), complete?: string[]}>
local SUBCOMMANDS = {
  blame = {
    run = function()
      require('byline.blame_window').toggle()
    end,
  },
  explain = {
    run = function(call)
      ask.explain(place(call))
    end,
  },
  prompt = {
    run = function(call)
      ask.prompt(place(call))
    end,
  },
  mark = {
    complete = { 'human', 'ai' },
    run = function(call)
      local kind, tool = call.args[1], call.args[2]
      if kind ~= 'human' and kind ~= 'ai' then
        vim.notify('Say who wrote the lines: `:Byline mark human` or `:Byline mark ai [tool]`.', vim.log.levels.ERROR)
        return
      end
      local bufnr, argument = place(call)
      argument.tool = tool or vim.NIL
      ask.run(bufnr, kind == 'ai' and 'byline.markAsAi' or 'byline.markAsHuman', argument, function(result)
        vim.notify(
          ('%d line%s marked as written by %s'):format(
            result.lines,
            result.lines == 1 and '' or 's',
            kind == 'human' and 'a person' or (tool or 'an AI')
          )
        )
      end)
    end,
  },
  message = {
    complete = { 'offline' },
    run = function(call)
      local bufnr = vim.api.nvim_get_current_buf()
      local argument = { root = root(bufnr), offline = call.args[1] == 'offline' }
      ask.run(bufnr, 'byline.generateCommitMessage', argument, function(result)
        offer_message(result.message)
      end)
    end,
  },
  report = {
    run = function()
      local bufnr = vim.api.nvim_get_current_buf()
      ask.run(bufnr, 'byline.openReport', { root = root(bufnr) }, function(result)
        if type(result) == 'table' and type(result.path) == 'string' then
          vim.notify('The report is ' .. result.path)
        end
      end)
    end,
  },
  toggle = {
    complete = vim.tbl_keys(PARTS),
    run = function(call)
      local part = call.args[1]
      if part and not PARTS[part] then
        vim.notify(('There is no %s to toggle; there are blame, lens and signs.'):format(part), vim.log.levels.ERROR)
        return
      end
      local on = not config.current[part or 'blame'].enabled
      for _, each in ipairs(part and { part } or { 'blame', 'lens' }) do
        require(PARTS[each]).enable(on)
      end
    end,
  },
}

---@param given string
---@param candidates string[]
local function matching(given, candidates)
  local found = vim.tbl_filter(function(each)
    return vim.startswith(each, given)
  end, candidates)
  table.sort(found)
  return found
end

---@param line string
---@return string[]
function M.complete(lead, line)
  local words = vim.split(line:gsub("^[%s:'<>,%%$.%d]*", ''), '%s+')
  if #words <= 2 then
    return matching(lead, vim.tbl_keys(SUBCOMMANDS))
  end
  local subcommand = SUBCOMMANDS[words[2]]
  return #words == 3 and subcommand and matching(lead, subcommand.complete or {}) or {}
end

---@param command table what `nvim_create_user_command` passes
function M.run(command)
  local args = vim.deepcopy(command.fargs)
  local subcommand = SUBCOMMANDS[table.remove(args, 1)]
  if not subcommand then
    local names = table.concat(matching('', vim.tbl_keys(SUBCOMMANDS)), ', ')
    vim.notify(('There is no :Byline %s; there are %s.'):format(command.args, names), vim.log.levels.ERROR)
    return
  end
  subcommand.run({ args = args, first = command.line1 - 1, last = command.line2 - 1 })
end

return M
