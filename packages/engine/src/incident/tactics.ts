/** Steps of an attack in the order in which they follow each other, as MITRE ATT&CK names them. */
export const TACTICS = [
  'initial access',
  'execution',
  'persistence',
  'privilege escalation',
  'defence evasion',
  'credential access',
  'discovery',
  'lateral movement',
  'collection',
  'command and control',
  'exfiltration',
  'impact',
] as const;
export type Tactic = (typeof TACTICS)[number];

/** Techniques by the step that they are first of all, https://attack.mitre.org/matrices/enterprise/containers/ and Linux. */
const TECHNIQUES: Readonly<Record<Tactic, readonly string[]>> = {
  'initial access': ['T1078', 'T1133', 'T1190', 'T1195', 'T1199', 'T1566'],
  execution: ['T1053', 'T1059', 'T1072', 'T1106', 'T1203', 'T1204', 'T1569', 'T1609', 'T1610'],
  persistence: ['T1037', 'T1098', 'T1136', 'T1205', 'T1505', 'T1525', 'T1543', 'T1546', 'T1547', 'T1554', 'T1556'],
  'privilege escalation': ['T1055', 'T1068', 'T1134', 'T1548', 'T1574', 'T1611'],
  'defence evasion': [
    ...['T1006', 'T1014', 'T1027', 'T1036', 'T1070', 'T1140', 'T1222', 'T1553', 'T1562', 'T1564', 'T1612', 'T1620'],
  ],
  'credential access': ['T1003', 'T1040', 'T1110', 'T1528', 'T1539', 'T1552', 'T1555', 'T1649'],
  discovery: ['T1016', 'T1018', 'T1033', 'T1046', 'T1049', 'T1057', 'T1082', 'T1083', 'T1087', 'T1613'],
  'lateral movement': ['T1021', 'T1210', 'T1550', 'T1570'],
  collection: ['T1005', 'T1039', 'T1074', 'T1119', 'T1560'],
  'command and control': ['T1071', 'T1090', 'T1095', 'T1105', 'T1132', 'T1219', 'T1568', 'T1571', 'T1572', 'T1573'],
  exfiltration: ['T1020', 'T1041', 'T1048', 'T1567'],
  impact: ['T1485', 'T1486', 'T1489', 'T1496', 'T1498', 'T1499', 'T1529', 'T1531', 'T1561'],
};

const BY_TECHNIQUE = new Map(
  TACTICS.flatMap((tactic) => TECHNIQUES[tactic].map((technique) => [technique, tactic] as const)),
);

/** The steps of an attack that techniques (`T1059.004`) stand for, in their order. */
export function tacticsOf(techniques: Iterable<string>): Tactic[] {
  const found = new Set<Tactic>();
  for (const technique of techniques) {
    const tactic = BY_TECHNIQUE.get(technique.split('.')[0] ?? '');
    if (tactic !== undefined) found.add(tactic);
  }
  return TACTICS.filter((tactic) => found.has(tactic));
}
