-- Gives pandoc's document the named styles of word_styles.py: classes of the HTML become styles of Word.

local paragraph_styles = {
  ["parent-body"] = "Cơ quan chủ quản",
  ["issuing-body"] = "Cơ quan ban hành",
  ["nation"] = "Quốc hiệu",
  ["motto"] = "Tiêu ngữ",
  ["number-line"] = "Số, ký hiệu",
  ["date-line"] = "Địa danh, ngày tháng",
  ["addressee"] = "Kính gửi",
  ["basis"] = "Căn cứ",
  ["recipients"] = "Nơi nhận",
  ["recipient"] = "Nơi nhận, danh sách",
  ["office"] = "Chức vụ người ký",
  ["signatory"] = "Họ tên người ký",
  ["note"] = "Ghi chú bảng",
}

local cell_styles = {
  number = "Số trong bảng",
  code = "Mã trong bảng",
  indented = "Chữ thụt trong bảng",
}

local column_widths = { letterhead = { 0.43, 0.57 }, closing = { 0.45, 0.55 } }

local page_break = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function paragraphs(blocks)
  return blocks:map(function(block)
    return block.t == "Plain" and pandoc.Para(block.content) or block
  end)
end

local function rule(style)
  return styled(style, { pandoc.Para({ pandoc.Str("\u{a0}") }) })
end

local function styled_rows(rows, style_of)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = { styled(style_of(cell), paragraphs(cell.contents)) }
    end
  end
end

local function type_size(classes)
  for _, class in ipairs(classes) do
    local size = class:match("^size%-(%d+)$")
    if size and size ~= "12" then return " " .. size end
  end
  return ""
end

local function data_table(tbl)
  local size = type_size(tbl.classes)
  styled_rows(tbl.head.rows, function() return "Đầu cột" .. size end)
  for _, body in ipairs(tbl.bodies) do
    styled_rows(body.body, function(cell)
      return (cell_styles[cell.classes[1]] or "Chữ trong bảng") .. size
    end)
  end
  return tbl
end

local function layout_table(tbl, widths)
  for index, width in ipairs(widths) do
    tbl.colspecs[index] = { pandoc.AlignDefault, width }
  end
  tbl.attributes["custom-style"] = "LayoutTable"
  return tbl
end

-- Pandoc reads no file by itself; of the images, those that docx.py put beside the reference document are given to it.
local function pixels(image)
  if not image.src:match("^figure%-%d+%.png$") then return end
  local file = assert(io.open(image.src, "rb"))
  pandoc.mediabag.insert(image.src, "image/png", file:read("a"))
  file:close()
end

local function footnote(span)
  if span.classes:includes("footnote") then return pandoc.Note({ pandoc.Para(span.content) }) end
end

local function ends_text(inlines)
  return pandoc.utils.stringify(inlines):sub(-3) == "./."
end

-- The title of the report: its kind and its subject are paragraphs of their own.
local function title(header)
  local kind, subject = pandoc.List(), nil
  for _, inline in ipairs(header.content) do
    if inline.t == "Span" and inline.classes:includes("subject") then
      subject = inline.content
    else
      kind:insert(inline)
    end
  end
  if #kind > 0 and kind[#kind].t == "Space" then kind:remove() end
  if subject == nil then return styled("Title", { pandoc.Para(kind) }) end
  return {
    styled("Title", { pandoc.Para(kind) }),
    styled("Subtitle", { pandoc.Para(subject) }),
    rule("Đường kẻ dưới trích yếu"),
  }
end

local function header(element)
  if element.level == 1 then return title(element) end
  element.level = element.level - 1
  return element
end

local function list(element)
  for index, item in ipairs(element.content) do
    element.content[index] = item:map(function(block)
      local is_text = block.t == "Plain" or block.t == "Para"
      return is_text and styled("Mục liệt kê", { pandoc.Para(block.content) }) or block
    end)
  end
  return element
end

local function division(div)
  local class = div.classes[1]
  if paragraph_styles[class] then
    local blocks = pandoc.List({ styled(paragraph_styles[class], paragraphs(div.content)) })
    if class == "issuing-body" then blocks:insert(rule("Đường kẻ ngắn")) end
    return blocks
  end
  if column_widths[class] then
    return div:walk({ Table = function(tbl) return layout_table(tbl, column_widths[class]) end })
  end
end

local function paragraph(para)
  if ends_text(para.content) then return styled("Câu kết", { para }) end
end

-- The end of a section, which finish.py completes: of upright pages, or of pages on their side.
local function section_end(size)
  local tiny = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr>'
  return pandoc.RawBlock("openxml", "<w:p><w:pPr>" .. tiny .. "<w:sectPr>" .. size .. "</w:sectPr></w:pPr></w:p>")
end

local function is_division(block, class)
  return block ~= nil and block.t == "Div" and block.classes:includes(class)
end

-- What follows the signature, an annex, begins a page; a table on its side has pages of its own.
local function on_own_pages(document)
  local blocks = pandoc.List()
  for index, block in ipairs(document.blocks) do
    local before, after = document.blocks[index - 1], document.blocks[index + 1]
    local lies = is_division(block, "landscape")
    if lies and before ~= nil and not is_division(before, "landscape") then blocks:insert(section_end("")) end
    blocks:insert(block)
    if lies then
      blocks:insert(section_end('<w:pgSz w:orient="landscape"/>'))
    elseif is_division(block, "closing") and after ~= nil and not is_division(after, "landscape") then
      blocks:insert(page_break)
    end
  end
  document.blocks = blocks
  return document
end

return {
  { Pandoc = on_own_pages },
  { Header = header, BulletList = list, OrderedList = list, Div = division, Para = paragraph, Image = pixels, Span = footnote },
  { Table = function(tbl) if not tbl.attributes["custom-style"] then return data_table(tbl) end end },
}
