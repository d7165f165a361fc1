-- Neovim's LuaJIT; `vim` is its interface, some of whose fields a plug-in may set.
std = 'luajit'
read_globals = { 'vim' }
globals = { 'vim.b', 'vim.bo', 'vim.g', 'vim.o', 'vim.wo', 'vim.paste', 'vim.opt_local' }
max_line_length = 120
