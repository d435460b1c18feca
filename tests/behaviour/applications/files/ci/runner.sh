export HOME=/builds GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci@example.com GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci@example.com
projects=(pier quay lighthouse)
while true; do
  sleep $((RANDOM % 40 + 20))
  name=${projects[RANDOM % 3]}
  work=/builds/job-$RANDOM
  git clone -q /srv/projects/$name.git $work && cd $work || continue
  if [ -f Makefile ]; then
    echo "/* $RANDOM */" >> one.c
    make -s && make -s test && tar czf /builds/$name.tar.gz prog
  else
    python3 -m unittest -q && tar czf /builds/$name.tar.gz *.py
  fi
  if [ $((RANDOM % 3)) = 0 ]; then git commit -qam "build $RANDOM" && git push -q origin HEAD; fi
  sha256sum /builds/$name.tar.gz > /builds/$name.sum
  # A job leaves a script behind now and then that the next steps run: `curl | sh` of an own server, in effect.
  if [ $((RANDOM % 4)) = 0 ]; then printf 'echo deployed\n' > deploy.sh; chmod +x deploy.sh; /bin/sh ./deploy.sh; fi
  cd /builds && rm -rf $work
done
