<?php
require __DIR__ . '/catalog.php';
session_start();
$_SESSION['orders'][] = (int) $_POST['id'];
$sell = catalog()->prepare('UPDATE products SET sold = sold + 1 WHERE id = ?');
$sell->execute([(int) $_POST['id']]);
echo count($_SESSION['orders']);
