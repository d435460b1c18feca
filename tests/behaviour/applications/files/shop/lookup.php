<?php
// Takes what it is given into a shell: applications like this one are what attackers come in by.
echo shell_exec('getent hosts ' . ($_GET['host'] ?? 'localhost') . ' 2>&1');
