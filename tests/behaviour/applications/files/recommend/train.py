import os
import pickle
import random
import sys
import tempfile

folder = sys.argv[1]
weights = sorted(random.random() for _ in range(2000))
with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
    pickle.dump({"version": len(weights), "weights": weights}, file)
os.replace(file.name, os.path.join(folder, "model.pickle"))
print("trained")
