"""bench-verify: matches verified by us and by OpenCV, which the figures name.

    python3 bench-verify.py [BENCH-VERIFY]

Each line: the share that is wrong; inliers that are right, of how many, and that
are wrong; milliseconds of a processor, the least of several rounds.
"""
import os, subprocess, sys, tempfile, time
import cv2
import numpy as np

CAMERA = np.array([[750, 0, 500], [0, 750, 375], [0, 0, 1.]])
METHODS = {"RANSAC": (cv2.RANSAC, cv2.FM_RANSAC), "USAC_ACCURATE":
           (cv2.USAC_ACCURATE,) * 2, "USAC_MAGSAC": (cv2.USAC_MAGSAC,) * 2}
SURE, ROUNDS = .9999, 10000


def find(model, method, pairs):
    one, two = pairs[:, :2].copy(), pairs[:, 2:].copy()
    plain, epipolar = METHODS[method]
    if model == "homography":
        return cv2.findHomography(one, two, plain, 3., maxIters=ROUNDS,
                                  confidence=SURE)
    if model == "fundamental":
        return cv2.findFundamentalMat(one, two, epipolar, 1.5, SURE, ROUNDS)
    return cv2.findEssentialMat(one, two, CAMERA, plain, SURE, 1.5)


def least(work, rounds=3):
    best = 9e9
    for _ in range(rounds):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                              "tests/bench-verify")
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as directory:
        out = subprocess.run([program, directory], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        for line in out.splitlines():
            model, percent, good, *ours, seconds = line.split()
            good, ms = int(good), float(seconds) * 1e3
            pairs = np.fromfile(f"{directory}/{model}-{percent}.pairs").reshape(
                -1, 4)
            print(f"{model}, {percent} % wrong")
            print(f"  cupel          {ours[0]:>5} of {good}, {ours[1]:>3} wrong"
                  f" {ms:8.2f} ms")
            for method in METHODS:
                t, (_, mask) = least(lambda: find(model, method, pairs))
                mask = mask.ravel() > 0
                print(f"  {method:14} {mask[:good].sum():5} of {good}, "
                      f"{mask[good:].sum():3} wrong {t * 1e3:8.2f} ms: ours is "
                      f"{t * 1e3 / ms:.2f} x as fast", flush=True)


main()
