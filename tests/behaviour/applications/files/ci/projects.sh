set -e
export HOME=/tmp GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci@example.com GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci@example.com
mkdir -p /builds /srv/projects
for name in pier quay; do
  mkdir -p /tmp/$name && cd /tmp/$name
  for part in one two three; do
    printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint %s(int x) { char b[64]; snprintf(b, sizeof b, "%%d", x); return (int)strlen(b) + abs(x); }\n' $part > $part.c
  done
  printf 'int one(int), two(int), three(int);\nint main(void) { return one(1) + two(2) + three(3) > 0 ? 0 : 1; }\n' > main.c
  printf 'all: prog\nprog: one.o two.o three.o main.o\n\tgcc -o $@ $^\ntest: prog\n\t./prog\nclean:\n\trm -f *.o prog\n' > Makefile
  git init -q . && git add -A && git commit -qm start && git clone -q --bare . /srv/projects/$name.git
done
mkdir -p /tmp/lighthouse && cd /tmp/lighthouse
printf 'def lamp(x):\n    return x * 2\n' > lamp.py
printf 'import json, unittest, tempfile\nfrom lamp import lamp\n\n\nclass T(unittest.TestCase):\n    def test_lamp(self):\n        with tempfile.NamedTemporaryFile("w+") as f:\n            json.dump(lamp(2), f)\n        self.assertEqual(lamp(2), 4)\n' > test_lamp.py
git init -q . && git add -A && git commit -qm start && git clone -q --bare . /srv/projects/lighthouse.git
rm -rf /tmp/pier /tmp/quay /tmp/lighthouse
chown -R 10009 /builds /srv/projects
