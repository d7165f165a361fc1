--- `:Byline blame`: a window beside the text, a line for each line of it.
local attribution = require('byline.attribution')
local wording = require('byline.wording')

local M = {}

local WIDTH = 56

---@param line byline.Line
---@param now integer
---@return string
local function row(line, now)
  local commit = type(line.commit) == 'string' and line.commit:sub(1, 7) or '·······'
  local level = type(line.level) == 'string' and line.level or ''
  local parts = { wording.SIGNS[line.state], commit, line.state, wording.who(line), level, wording.ago(line.time, now) }
  return (table.concat(
    vim.tbl_filter(function(part)
      return part ~= ''
    end, parts),
    ' '
  ))
end

---@param window integer the text's
---@param found byline.Answer
local function open(window, found)
  local top = vim.fn.line('w0', window)
  local now = os.time()
  local rows = vim.tbl_map(function(line)
    return row(line, now)
  end, found.lines)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, rows)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].filetype = 'byline-blame'
  local beside = vim.api.nvim_open_win(bufnr, true, { split = 'left', win = window, width = WIDTH })
  local bound = { scrollbind = vim.wo[window].scrollbind, wrap = vim.wo[window].wrap }
  for _, each in ipairs({ window, beside }) do
    vim.wo[each].wrap = false
    vim.wo[each].scrollbind = true
  end
  for option, value in pairs({ number = false, relativenumber = false, signcolumn = 'no', winfixwidth = true }) do
    vim.wo[beside][option] = value
  end
  for index, line in ipairs(found.lines) do
    vim.api.nvim_buf_set_extmark(bufnr, vim.api.nvim_create_namespace('byline.window'), index - 1, 0, {
      line_hl_group = wording.HIGHLIGHTS[line.state],
    })
  end
  vim.fn.winrestview({ lnum = math.min(vim.fn.line('.', window), #rows), topline = top })
  vim.cmd.syncbind()
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'Close the blame' })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = bufnr,
    callback = function()
      if vim.api.nvim_win_is_valid(window) then
        vim.wo[window].scrollbind, vim.wo[window].wrap = bound.scrollbind, bound.wrap
      end
    end,
  })
end

--- Open the blame of the current window's buffer, or close it.
function M.toggle()
  if vim.bo.filetype == 'byline-blame' then
    vim.cmd.close()
    return
  end
  local window = vim.api.nvim_get_current_win()
  local asked = attribution.ask(vim.api.nvim_win_get_buf(window), nil, nil, function(found)
    if vim.api.nvim_win_is_valid(window) then
      open(window, found)
    end
  end)
  if not asked then
    vim.notify('Byline does not know this buffer: it is not a file in a git repository.', vim.log.levels.WARN)
  end
end

return M
