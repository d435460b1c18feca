/** Applications of Erlang/OTP and of Elixir themselves: parts of the runtime, no packages of Hex. */
const RUNTIME = new Set(
  (
    'asn1 common_test compiler crypto debugger dialyzer diameter edoc eldap erl_docgen erl_interface erts et eunit ftp ' +
    'inets jinterface kernel megaco mnesia observer odbc os_mon parsetools public_key reltool runtime_tools sasl snmp ' +
    'ssh ssl stdlib syntax_tools tftp tools wx xmerl eex elixir ex_unit iex logger mix'
  ).split(' '),
);

const HEAD =
  /^\s{0,256}(?:%[^\n]{0,512}\n\s{0,256}){0,32}\{\s{0,64}application\s{0,64},\s{0,64}'?([A-Za-z]\w{0,254})'?\s{0,64},/;
const VERSION = /\{\s{0,16}vsn\s{0,16},\s{0,16}"([^"]{1,255})"\s{0,16}\}/;

/** Name and version of an application resource file (`ebin/NAME.app`); undefined where it has none. */
export function readApplication(text: string): { name: string; version: string } | undefined {
  const name = HEAD.exec(text)?.[1];
  const version = VERSION.exec(text)?.[1];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Whether an application belongs to the runtime itself. */
export function isOfRuntime(name: string): boolean {
  return RUNTIME.has(name);
}
