"""Texts with their numbers of words, for the server (test_render_words.py) and the editor."""

COUNTED = [
    ("<p>I don’t know; don't ask.</p>", 5),
    ("<p>می\u200cخواهم بروم</p>", 2),
    ("<p>سَلامٌ عَلَيْكُم</p>", 2),
    ("<p>नमस्ते दुनिया</p>", 2),
    ("<p>e\u0301te\u0301 naïve</p>", 2),
    ("<p>日本 2026年</p>", 4),
    ("<p>3.5 metres, well-known</p>", 5),
    ("<p>b<strong>old</strong>er</p><ul><li>one</li><li>two</li></ul>", 3),
    ("<table><tbody><tr><td>one</td><td>two</td></tr></tbody></table>", 2),
    ('<p>Words<small class="footnote">two <em>more</em></small></p>', 3),
    ('<div class="embed"><a href="https://vimeo.com/1">A film</a></div>', 2),
    ("<dl><dt>one</dt><dd>two</dd></dl>", 2),
    (f"<p>{'word ' * 575}</p>", 575),  # two minutes and a half
]
