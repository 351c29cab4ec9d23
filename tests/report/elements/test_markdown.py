from giamngheo.report.elements.markdown import markdown_html, tokens_of, tokens_typst


def test_headings_stand_beneath_the_title():
    assert markdown_html("# I\n## 1\n### a") == "<h2>I</h2>\n<h3>1</h3>\n<h4>a</h4>\n"


def test_list_has_the_signs_of_the_official_text():
    html = markdown_html("- a\n  - b\n\n+ c")
    assert html.count('<ul class="dash">') == 1
    assert html.count('<ul class="plus">') == 2


def test_loose_list_reads_as_a_tight_one():
    assert markdown_html("- a\n\n- b") == markdown_html("- a\n- b")


def test_html_in_markdown_is_shown_as_it_was_typed():
    assert markdown_html("a <b>c</b> &amp;") == "<p>a &lt;b&gt;c&lt;/b&gt; &amp;amp;</p>\n"
    assert markdown_html("<script>x</script>") == "<pre>&lt;script&gt;x&lt;/script&gt;</pre>\n"


def test_only_links_to_pages_and_mail_are_links():
    assert markdown_html("[a](https://x.vn/?b=1&c=2)") == '<p><a href="https://x.vn/?b=1&amp;c=2">a</a></p>\n'
    assert markdown_html("[a](javascript:alert)") == "<p>a</p>\n"
    assert 'link("mailto:a@x.vn", "a")' in tokens_typst(tokens_of("[a](mailto:a@x.vn)"))
    assert "link" not in tokens_typst(tokens_of("[a](file:///etc/passwd)"))


def test_image_is_shown_as_its_description():
    assert markdown_html("![bản đồ](x.png)") == "<p><em>bản đồ</em></p>\n"


def test_table_has_headers_and_right_aligned_numbers():
    html = markdown_html("|Xã|Hộ|\n|-|-:|\n|Đăk Hà|312|")
    assert '<th scope="col">Xã</th><th scope="col" class="number">Hộ</th>' in html
    assert '<td>Đăk Hà</td><td class="number">312</td>' in html
    assert 'plain-table(2, ("Xã", "Hộ", ), cell("text", "Đăk Hà"), cell("number", "312"))' in tokens_typst(
        tokens_of("|Xã|Hộ|\n|-|-:|\n|Đăk Hà|312|")
    )


def test_every_text_of_typst_is_a_string():
    assert tokens_typst(tokens_of('a #import "x" $y **b**')) == '#{\npar({"a #import \\"x\\" $y "; strong("b")})\n}'


def test_code_and_quote_and_steps():
    html = markdown_html("> q\n\n```py\na < b\n```\n\n3. c\n4. d")
    assert "<blockquote><p>q</p>\n</blockquote>" in html
    assert "<pre>a &lt; b</pre>" in html
    assert '<ol start="3">' in html
    assert 'steps(3, ("c", none), ("d", none), )' in tokens_typst(tokens_of("3. c\n4. d"))


def test_last_paragraph_stays_with_the_signature():
    assert tokens_typst(tokens_of("Xin báo cáo./.")) == '#{\nlast-paragraph("Xin báo cáo./.")\n}'
