--- Who wrote the current line, at its end, after a pause.
local attribution = require('byline.attribution')
local config = require('byline.config')
local timing = require('byline.timing')
local wording = require('byline.wording')

local M = {}

local namespace = vim.api.nvim_create_namespace('byline.blame')
local shown = nil ---@type {bufnr: integer, row: integer}?
local pause ---@type byline.Timer

--- Take it away.
local function hide()
  if shown and vim.api.nvim_buf_is_valid(shown.bufnr) then
    vim.api.nvim_buf_clear_namespace(shown.bufnr, namespace, 0, -1)
  end
  shown = nil
end

---@return boolean # whether somebody looks, and does not write
local function reading()
  return vim.api.nvim_get_mode().mode:sub(1, 1) == 'n'
end

---@param bufnr integer
---@param row integer 0-based
local function draw(bufnr, row, line)
  hide()
  vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, {
    virt_text = { { '  ' .. wording.sentence(line, os.time()), 'BylineBlame' } },
    virt_text_pos = 'eol',
    hl_mode = 'combine',
    priority = 5000, -- after the lens of the line, if Neovim draws that at its end, too
  })
  shown = { bufnr = bufnr, row = row }
end

local function show()
  local bufnr = vim.api.nvim_get_current_buf()
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  if not config.current.blame.enabled or not reading() or not attribution.drawable(bufnr) then
    return
  end
  attribution.ask(bufnr, row, row, function(found)
    local here = vim.api.nvim_get_current_buf() == bufnr and vim.api.nvim_win_get_cursor(0)[1] - 1 == row
    if here and reading() and found.lines[1] and config.current.blame.enabled then
      draw(bufnr, row, found.lines[1])
    end
  end)
end

--- The cursor has moved: what was shown goes, unless the cursor still stands in that line.
local function moved()
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  if shown and shown.bufnr == vim.api.nvim_get_current_buf() and shown.row == row and reading() then
    return
  end
  hide()
  pause.call()
end

local function restart()
  hide()
  pause.call()
end

--- Something else may be true of the line: ask again; what is shown stays until there is an answer.
---@param bufnr integer
function M.refresh(bufnr)
  if bufnr == vim.api.nvim_get_current_buf() then
    pause.call()
  end
end

---@param enabled boolean
function M.enable(enabled)
  config.current.blame.enabled = enabled
  hide()
  pause.call()
end

---@param group integer of autocommands
function M.setup(group)
  pause = timing.debounce(config.current.blame.delay, show)
  local autocmd = vim.api.nvim_create_autocmd
  autocmd('CursorMoved', { group = group, callback = moved })
  autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, { group = group, callback = restart })
  autocmd({ 'InsertEnter', 'BufLeave' }, { group = group, callback = hide })
end

return M
