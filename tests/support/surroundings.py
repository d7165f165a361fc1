"""Where credentials stand in files: how people write them down, in the languages in which they do."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from dataclasses import dataclass

from support.credentials import Credential, Form

_ANY_NAMED = frozenset({Form.TOKEN, Form.NAMED, Form.PASSWORD})
_TOKEN = frozenset({Form.TOKEN})
_API_KEY = frozenset({Form.TOKEN, Form.NAMED})
_IN_URLS = frozenset({Form.PASSWORD})
_PASSWORD = frozenset({Form.PASSWORD})
_BLOCK = frozenset({Form.BLOCK})


@dataclass(frozen=True, slots=True)
class Surrounding:
    """`name` is unique, `ending` that of the files it stands in; `forms` of credentials are at home there."""

    name: str
    ending: str
    forms: frozenset[Form]
    pattern: str

    def around(self, credential: Credential) -> str:
        """Some lines with the credential in them, without a line break at the end."""
        text, name = credential.text, credential.name
        words = name.lower().split("_")
        camel = words[0] + "".join(word.capitalize() for word in words[1:])
        half = len(text) // 2
        lines = text.split("\n")
        return self.pattern.format_map(
            {
                "text": text,
                "NAME": name,
                "snake": "_".join(words),
                "dotted": ".".join(words),
                "camel": camel,
                "Pascal": camel[0].upper() + camel[1:],
                "encoded": base64.b64encode(text.encode()).decode(),
                "basic": base64.b64encode(f"ann:{text}".encode()).decode(),
                "first": text[:half],
                "second": text[half:],
                "escaped": "\\n".join(lines),
                "indented": "\n".join(f"    {line}" for line in lines),
                "commented": "\n".join(f"# {line}" for line in lines),
                "starred": "\n".join(f" * {line}" for line in lines),
                "quoted": "\n".join(f'    "{line}\\n"' for line in lines),
                "added": " +\n".join(f'  "{line}\\n"' for line in lines),
            }
        )


def _all(ending: str, forms: frozenset[Form], **patterns: str) -> list[Surrounding]:
    return [Surrounding(name.replace("_", " "), ending, forms, pattern) for name, pattern in patterns.items()]


SURROUNDINGS: tuple[Surrounding, ...] = (
    *_all(
        ".env",
        _ANY_NAMED,
        env_file="{NAME}={text}",
        env_file_quoted='{NAME}="{text}"',
    ),
    *_all(
        ".sh",
        _ANY_NAMED,
        shell_export="export {NAME}='{text}'",
        shell_for_one_command="{NAME}={text} ./deploy --verbose",
        shell_default='{NAME}="${{{NAME}:-{text}}}"',
    ),
    *_all(
        ".yml",
        _ANY_NAMED,
        compose_list="      - {NAME}={text}",
        compose_map="      {NAME}: {text}",
        yaml="  {camel}: '{text}'",
        yaml_name_and_value='  - name: {NAME}\n    value: "{text}"',
        kubernetes_secret="  {snake}: {encoded}",
    ),
    *_all(
        ".json",
        _ANY_NAMED,
        json='  "{snake}": "{text}",',
        json_in_a_string='  "body": "{{\\"{camel}\\": \\"{text}\\", \\"page\\": 2}}",',
    ),
    *_all(
        ".py",
        _ANY_NAMED,
        python='{NAME} = "{text}"',
        python_typed='{snake}: str = "{text}"',
        python_argument="client = Client({snake}='{text}', timeout=3)",
        python_default='{snake} = os.environ.get("{NAME}", "{text}")',
        python_key='config["{snake}"] = "{text}"',
        python_comparison='assert settings.{snake} == "{text}"',
    ),
    *_all(
        ".js",
        _ANY_NAMED,
        javascript="const {camel} = '{text}';",
        javascript_default="const key = process.env.{NAME} || '{text}';",
        javascript_object="  {camel}: `{text}`,",
    ),
    *_all(
        ".go",
        _ANY_NAMED,
        go='\t{camel} := "{text}"',
        go_field='\t\t{Pascal}: "{text}",',
        go_set='\tos.Setenv("{NAME}", "{text}")',
    ),
    *_all(".java", _ANY_NAMED, java='    private static final String {NAME} = "{text}";'),
    *_all(".rs", _ANY_NAMED, rust='    let {snake} = String::from("{text}");'),
    *_all(
        ".php",
        _ANY_NAMED,
        php_array="    '{snake}' => '{text}',",
        php_define="define('{NAME}', '{text}');",
    ),
    *_all(".toml", _ANY_NAMED, toml='{snake} = "{text}"', terraform_variable='  {snake} = "{text}"'),
    *_all(".properties", _ANY_NAMED, properties="service.{dotted}={text}"),
    *_all(
        ".xml",
        _ANY_NAMED,
        xml_element="  <{camel}>{text}</{camel}>",
        xml_attributes='  <add key="{Pascal}" value="{text}" />',
    ),
    *_all(
        "Dockerfile",
        _ANY_NAMED,
        dockerfile="ENV {NAME}={text}",
        dockerfile_older="ENV {NAME} {text}",
        dockerfile_argument="ARG {NAME}={text}",
    ),
    *_all(".log", _ANY_NAMED, log_line="2026-01-02T03:04:05Z INFO login {snake}={text} user=3"),
    *_all(".md", _ANY_NAMED, comment="# the old {snake}: {text}"),
    *_all(
        ".sh",
        _API_KEY,
        bearer="curl -H 'Authorization: Bearer {text}' https://api.example.org/v1",
        token_header='curl --header "X-Api-Key: {text}" https://api.example.org/v1',
        query="curl 'https://api.example.org/v1?page=2&access_token={text}&sort=up'",
        option="deploy --token {text} --force",
    ),
    # Half of a password is too short to be told from other words.
    *_all(".sh", _API_KEY, shell_continuation="export {NAME}={first}\\\n{second}"),
    *_all(".yml", _API_KEY, yaml_folded="  {camel}: >-\n    {first}\n    {second}"),
    *_all(".py", _API_KEY, python_split='{NAME} = (\n    "{first}"\n    "{second}"\n)'),
    *_all(".js", _API_KEY, javascript_split='const {camel} = "{first}" +\n  "{second}";'),
    *_all(
        ".http",
        frozenset({Form.TOKEN, Form.PASSWORD}),
        basic="Authorization: Basic {basic}",
    ),
    *_all(
        ".md",
        _TOKEN,
        prose="The key {text} does not work any more.",
        code_span="Use `{text}` for staging.",
        markdown_link="[the old one](https://example.org/keys/{text})",
        table="| staging | {text} | 2026 |",
    ),
    *_all(
        ".csv",
        _TOKEN,
        csv="7,staging,{text},2026-01-02",
        csv_quoted='7,"{text}",2026-01-02',
    ),
    *_all(".html", _TOKEN, html_attribute='<div data-map="{text}" class="wide"></div>'),
    *_all(".sql", _TOKEN, sql_value="INSERT INTO keys VALUES (7, '{text}', NULL);"),
    *_all(".patch", _TOKEN, patch="-old {text}\n+new"),
    *_all(".py", _TOKEN, python_list='KEYS = ["{text}"]', python_bytes="send(b'{text}')", url_path='"/bot/{text}/go"'),
    *_all(
        ".ini",
        _IN_URLS,
        url="url = postgresql://app:{text}@db.example.org:5432/app",
        url_without_user="url = redis://:{text}@cache:6379/0",
        git_url="url = https://oauth2:{text}@git.example.org/x.git",
        proxy="http_proxy=http://ann:{text}@proxy.example.org:3128",
    ),
    *_all(
        ".config",
        _PASSWORD,
        connection_string="Server=db;Database=app;User Id=sa;Password={text};Encrypt=true",
        connection_string_short='connect("host=db user=app password={text} dbname=app")',
        jdbc="jdbc:mysql://db.example.org/app?user=root&password={text}",
    ),
    *_all(
        ".sh",
        _PASSWORD,
        curl="curl -u admin:{text} https://api.example.org",
        netrc="machine api.example.org login ann password {text}",
        sshpass="sshpass -p {text} ssh ann@example.org",
        password_option="mysqldump --password={text} app",
    ),
    *_all(".sql", _PASSWORD, sql="CREATE USER ann WITH PASSWORD '{text}';"),
    *_all(".sql", _PASSWORD, sql_identified="ALTER USER ann IDENTIFIED BY '{text}';"),
    *_all(".json", _PASSWORD, docker_login='    "registry.example.org": {{"auth": "{basic}"}}'),
    *_all(".pem", _BLOCK, key_file="{text}"),
    *_all(".yaml", _BLOCK, key_in_yaml="  {camel}: |\n{indented}", key_in_kubernetes="  tls.key: {encoded}"),
    *_all(".json", _BLOCK, key_in_json='  "private_key": "{escaped}\\n",'),
    *_all(".env", _BLOCK, key_in_env='{NAME}="{escaped}"'),
    *_all(
        ".py",
        _BLOCK,
        key_in_python='{NAME} = """\n{text}\n"""',
        key_in_python_lines="{NAME} = (\n{quoted}\n)",
        key_in_a_comment="{commented}",
    ),
    *_all(".js", _BLOCK, key_in_javascript="const {camel} =\n{added};", key_in_javadoc="/**\n{starred}\n */"),
    *_all(".go", _BLOCK, key_in_go="\tconst {camel} = `{text}`"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A credential in its surrounding."""

    credential: Credential
    surrounding: Surrounding

    @property
    def text(self) -> str:
        """The lines, with a line break at the end."""
        return self.surrounding.around(self.credential) + "\n"


def planted(credentials: Sequence[Credential], seed: int) -> list[Planted]:
    """Each credential in a surrounding that suits it: all of these in turn, in an order that chance chooses."""
    chance = random.Random(seed)
    suited = {form: [each for each in SURROUNDINGS if form in each.forms] for form in Form}
    coming: dict[Form, list[Surrounding]] = {form: [] for form in Form}
    found = []
    for credential in credentials:
        form = credential.form
        coming[form] = coming[form] or chance.sample(suited[form], len(suited[form]))
        found.append(Planted(credential, coming[form].pop()))
    return found
