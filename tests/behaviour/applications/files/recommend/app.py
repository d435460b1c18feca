import json
import os
import pickle
import subprocess
import sys
import tempfile

import pg8000.native
import redis
from flask import Flask, jsonify, request

app = Flask(__name__)
cache = redis.Redis(host=os.environ["CACHE_HOST"], socket_timeout=3)
STATE = "/var/lib/recommend"


def orders():
    return pg8000.native.Connection("postgres", host=os.environ["ORDERS_HOST"], database="postgres", timeout=3)


@app.route("/health")
def health():
    return "ok"


@app.route("/recommend/<user>")
def recommend(user):
    known = cache.get("recommend:" + user)
    if known:
        return jsonify(json.loads(known))
    connection = orders()
    try:
        rows = connection.run("SELECT count(*) FROM orders WHERE customer = :c", c=user)
    finally:
        connection.close()
    found = {"user": user, "orders": rows[0][0]}
    path = os.path.join(STATE, "model.pickle")
    if os.path.exists(path):
        with open(path, "rb") as file:
            found["model"] = pickle.load(file)["version"]
    cache.setex("recommend:" + user, 30, json.dumps(found))
    return jsonify(found)


@app.route("/train", methods=["POST"])
def train():
    done = subprocess.run([sys.executable, "/srv/app/train.py", STATE], capture_output=True, timeout=30)
    return done.stdout


@app.route("/report")
def report():
    with tempfile.NamedTemporaryFile("w+", suffix=".csv") as file:
        for index in range(50):
            file.write("%d,%s\n" % (index, os.urandom(4).hex()))
        file.seek(0)
        return file.read()


@app.route("/size")
def size():
    # Takes what it is given into a shell: applications like this one are what attackers come in by.
    return subprocess.run("wc -c " + request.args["file"], shell=True, capture_output=True, timeout=30).stdout
