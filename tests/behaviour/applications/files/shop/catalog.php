<?php
function catalog(): PDO {
  static $db = null;
  $db ??= new PDO('mysql:host=' . getenv('CATALOG_HOST') . ';dbname=catalog', 'shop', 'shop', [PDO::ATTR_TIMEOUT => 3]);
  return $db;
}
