<?php
$name = preg_replace('/[^a-z0-9.]/', '', basename($_FILES['picture']['name'] ?? 'x'));
if (isset($_FILES['picture'])) move_uploaded_file($_FILES['picture']['tmp_name'], "/var/www/uploads/$name");
foreach (array_slice(glob('/var/www/uploads/*'), 0, -20) as $old) unlink($old);
echo 'kept ', count(glob('/var/www/uploads/*'));
