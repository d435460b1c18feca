<?php
require __DIR__ . '/catalog.php';
session_start();
$_SESSION['views'] = ($_SESSION['views'] ?? 0) + 1;
$rows = catalog()->query('SELECT id, name, price FROM products ORDER BY id')->fetchAll();
catalog()->exec("INSERT INTO visits (page) VALUES ('index')");
echo '<h1>Shop</h1><p>', $_SESSION['views'], '</p><ul>';
foreach ($rows as $row) echo '<li>', htmlspecialchars($row['name']), ' ', $row['price'], '</li>';
echo '</ul>';
