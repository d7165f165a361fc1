--- A sign for each line that is seen, by its state. Off until somebody wants it.
local attribution = require('byline.attribution')
local config = require('byline.config')
local timing = require('byline.timing')
local wording = require('byline.wording')

local M = {}

local PAUSE = 100 -- ms

local namespace = vim.api.nvim_create_namespace('byline.signs')
local pause = timing.debounce(PAUSE, function()
  M.draw()
end)

---@param bufnr integer
---@param found byline.Answer
---@param first integer 0-based
---@param last integer 0-based, inclusive
local function place(bufnr, found, first, last)
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, first, last + 1)
  for _, line in ipairs(found.lines) do
    vim.api.nvim_buf_set_extmark(bufnr, namespace, line.line - 1, 0, {
      sign_text = wording.SIGNS[line.state],
      sign_hl_group = wording.HIGHLIGHTS[line.state],
      priority = config.current.signs.priority,
    })
  end
end

--- Ask for what stands in each window, and draw it.
function M.draw()
  if not config.current.signs.enabled then
    return
  end
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local bufnr = vim.api.nvim_win_get_buf(window)
    local first, last = vim.fn.line('w0', window) - 1, vim.fn.line('w$', window) - 1
    if last >= first and attribution.drawable(bufnr) then
      attribution.ask(bufnr, first, last, function(found)
        if config.current.signs.enabled then
          place(bufnr, found, first, last)
        end
      end)
    end
  end
end

--- Something else may be true of lines that are seen. Leaving insert mode asks again.
function M.refresh()
  if config.current.signs.enabled and not vim.api.nvim_get_mode().mode:find('^[iR]') then
    pause.call()
  end
end

---@param enabled boolean
function M.enable(enabled)
  config.current.signs.enabled = enabled
  if enabled then
    pause.call()
  else
    for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
      vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
    end
  end
end

---@param group integer of autocommands
function M.setup(group)
  vim.api.nvim_create_autocmd({ 'WinScrolled', 'BufWinEnter', 'InsertLeave', 'TextChanged' }, {
    group = group,
    callback = M.refresh,
  })
end

return M
