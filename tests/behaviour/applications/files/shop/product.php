<?php
require __DIR__ . '/catalog.php';
$find = catalog()->prepare('SELECT * FROM products WHERE id = ?');
$find->execute([(int) ($_GET['id'] ?? 1)]);
$row = $find->fetch(PDO::FETCH_ASSOC);
if (!$row) { http_response_code(404); error_log('no product ' . (int) ($_GET['id'] ?? 1)); exit; }
header('Content-Type: application/json');
echo json_encode($row);
