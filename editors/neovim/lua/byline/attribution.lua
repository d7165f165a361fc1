--- Questions to the server about whose lines are whose, and whether their answers are still true.
local client = require('byline.client')
local config = require('byline.config')
local wording = require('byline.wording')

local M = {}

---@class byline.Answer
---@field version integer
---@field head string|vim.NIL
---@field summary table
---@field lines byline.Line[]

---@param first integer 0-based
---@param last integer 0-based, inclusive
---@return lsp.Range
function M.lines(first, last)
  return { start = { line = first, character = 0 }, ['end'] = { line = last + 1, character = 0 } }
end

--- Whether anything is drawn in a buffer. A commit message is being written: who does that is no news.
---@param bufnr integer
function M.drawable(bufnr)
  return vim.api.nvim_buf_is_loaded(bufnr)
    and vim.bo[bufnr].filetype ~= 'gitcommit'
    and vim.api.nvim_buf_line_count(bufnr) <= config.current.max_lines
end

--- Ask for the lines `first` to `last` (0-based, inclusive; both nil: all). An answer about a text that is no longer
--- there is dropped.
---@param bufnr integer
---@param first integer?
---@param last integer?
---@param answer fun(found: byline.Answer)
---@return boolean # whether there is somebody to ask
function M.ask(bufnr, first, last, answer)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = first and M.lines(first, last) or vim.NIL,
  }
  local tick = vim.b[bufnr].changedtick
  return client.request(bufnr, 'byline/attribution', params, function(found)
    if vim.api.nvim_buf_is_loaded(bufnr) and vim.b[bufnr].changedtick == tick then
      vim.b[bufnr].byline_status = wording.share(found.summary)
      answer(found)
    end
  end)
end

return M
