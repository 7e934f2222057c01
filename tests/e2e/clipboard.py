"""What other programs put into the clipboard, in their own manner, and what has to come of it."""
# ruff: noqa: E501  as they write it

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri"} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='margin-top:12.0pt'><span lang=EN-US style='font-family:"Calibri Light"'>Low water<o:p></o:p></span></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Bring</b> a <span style='font-style:italic'>torch</span> and
read the <a href="https://example.org/tables" style='color:#0563C1'>tables</a><a style='mso-footnote-id:ftn1' href="#_ftn1"
name="_ftnref1" title=""><span class=MsoFootnoteReference>[1]</span></a> first.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span></span><![endif]>Boots</p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>o<span>&nbsp;</span></span>with laces</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span>Bucket</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=301 style='width:225.4pt'>
<p class=MsoNormal>Pier</p></td><td><p class=MsoNormal>4.1 m</p></td></tr></table>
<div style='mso-element:footnote-list'><hr align=left size=1 width="33%"><div style='mso-element:footnote' id=ftn1>
<p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Printed in March.</p></div></div>
<!--EndFragment--></body></html>"""

GOOGLE_DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1f2e">
<h2 dir="ltr" style="line-height:1.38;"><span style="font-size:16pt;font-weight:400;">Neap tides</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:700;">Half</span><span style="font-weight:400;"> the water, </span><span
style="font-style:italic;">twice</span><span> the </span><span style="text-decoration:line-through;">mud</span><span> sand</span></p>
<ol style="margin-top:0"><li dir="ltr" style="list-style-type:decimal" aria-level="1"><p dir="ltr" role="presentation"><span
style="background-color:transparent">First quarter</span></p></li><li dir="ltr" aria-level="1"><p dir="ltr"><span>Last quarter</span></p></li></ol>
<div dir="ltr" align="left"><table style="border:none"><colgroup><col width="100"/><col width="100"/></colgroup><tbody><tr><td
style="border:solid"><p dir="ltr"><span>Day</span></p></td><td><p dir="ltr"><span>Seven</span></p></td></tr></tbody></table></div></b>"""

APPLE_PAGES = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="Generator" content="Cocoa HTML Writer"><style type="text/css">p.p1 {margin: 0.0px; font: 12.0px Helvetica}
span.s1 {font-kerning: none}</style></head><body>
<p class="p1" style="margin: 0px; font: bold 18px 'Helvetica Neue';"><span class="s1"><b>The slack</b></span></p>
<p class="p1"><span class="s1">Twenty minutes in which <i>nothing</i> happens.</span></p>
<ul class="ul1"><li class="li1"><span class="s2"></span><span class="s1">Sit down</span></li><li class="li1"><span class="s1">Wait</span></li></ul>
</body></html>"""

WEB_PAGE = """<article class="post"><h1 onclick="alert(1)">A page</h1><p style="color:red">Some <font color="blue">old</font> words,
a <a href="javascript:alert(1)">bad link</a> and a <a href="/relative">near one</a>.</p><script>alert(2)</script>
<aside><p>An aside.</p></aside><pre><code class="hljs language-python"><span class="hljs-keyword">def</span> f(): pass</code></pre>
<table><caption>Ports</caption><thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><td>Whitby</td></tr></tbody></table>
<blockquote><p>Said.</p></blockquote><h6>Small print</h6><iframe src="https://ads.example"></iframe></article>"""

# Words that may not be lost, and markup that has to be there.
SHAPES = {
    "Word": (
        WORD,
        "Low water Bring a torch and read the tables Printed in March. first. Boots with laces Bucket Pier 4.1 m",
        [
            "<h2>Low water</h2>",
            "<strong>Bring</strong>",
            "<em>torch</em>",
            '<a href="https://example.org/tables">tables</a>',
        ]
        + [
            '<small class="footnote">Printed in March.</small>',
            "<ul><li><p>Boots</p><ul><li><p>with laces</p></li></ul></li>",
        ]
        + ["<td><p>Pier</p></td>"],
    ),
    "Google Docs": (
        GOOGLE_DOCS,
        "Neap tides Half the water, twice the mud sand First quarter Last quarter Day Seven",
        [
            "<h2>Neap tides</h2>",
            "<strong>Half</strong>",
            "<em>twice</em>",
            "<s>mud</s>",
            "<li><p>First quarter</p></li><li><p>Last quarter</p></li></ol>",
        ],
    ),
    "Apple Pages": (
        APPLE_PAGES,
        "The slack Twenty minutes in which nothing happens. Sit down Wait",
        ["<strong>The slack</strong>", "<em>nothing</em>", "<ul><li><p>Sit down</p></li><li><p>Wait</p></li></ul>"],
    ),
    "a web page": (
        WEB_PAGE,
        "A page Some old words, a bad link and a near one. An aside. def f(): pass Name Whitby Ports Said. Small print",
        ["<h2>A page</h2>", '<pre data-language="python"><code class="language-python">def f(): pass</code></pre>']
        + [
            '<th scope="col"><p>Name</p></th>',
            '<figcaption class="figure-caption">Ports</figcaption>',
            "<h4>Small print</h4>",
        ],
    ),
}
