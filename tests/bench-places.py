"""bench-places: what bench-places.sh measures; it says how this is called."""
import json, os, shutil, subprocess, sys, time
import numpy as np

THREADS = int(os.environ["THREADS"])
PARTS = os.environ.get("PARTS", "")
ROUNDS = 3
try:
    import cv2
    cv2.setNumThreads(THREADS)
except ImportError:
    cv2 = None
    print("no OpenCV here: install python3-opencv to compare with it")
try:
    import faiss
    faiss.omp_set_num_threads(THREADS)
    with open("/proc/self/maps", encoding="ascii") as maps:
        if "openblas" not in maps.read():
            print("FAISS has no optimised BLAS here: install libopenblas0 to "
                  "compare with it in earnest")
except ImportError:
    faiss = None
    print("no FAISS here: install python3-faiss to compare with it")


def seconds(work):
    """Elapsed, of this process's processors, and what the work returned."""
    start, used = time.monotonic(), time.process_time()
    result = work()
    return time.monotonic() - start, time.process_time() - used, result


def row(name, value, unit, ratio=None, goal=None, cpu=None):
    text = f"{name:42} {value:8.1f} {unit:10}"
    if ratio is not None:
        text += f" ours is {ratio:5.2f} x"
    if cpu is not None:
        text += f", {cpu:5.2f} x in processor time"
    if goal is not None:
        text += f"; goal {goal}: {'met' if ratio >= goal else 'MISSED'}"
    print(text, flush=True)


# Nearest neighbours.

def ours_nearest(program):
    out = subprocess.run([program, "-r", "3", "."], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return {kind: tuple(map(float, times)) for kind, *times in
            (line.split() for line in out.splitlines())}


def brute_force(norm, query, train):
    matcher = cv2.BFMatcher(norm)
    return lambda: [[(m.trainIdx, m.distance) for m in pair]
                    for pair in matcher.knnMatch(query, train, k=2)]


def flat(query, train):
    def work():
        index = faiss.IndexFlatL2(query.shape[1])
        index.add(train)
        return index.search(query, 2)
    return work


def same_distances(kind, found):
    """Ours holds the distances that another found; ties may differ in index."""
    ours = np.fromfile(kind + ".nearest", np.uint32).reshape(-1, 3)
    return np.array_equal(ours[:, 1:], np.rint(found).astype(np.uint32))


def nearest(program):
    times = {}
    ours = {"rootsift": (9e9,) * 3, "orb": (9e9,) * 3}
    work = {}
    for _ in range(ROUNDS):
        for kind, pair in ours_nearest(program).items():
            ours[kind] = tuple(map(min, pair, ours[kind]))
        if not work:
            sets = {kind: [np.fromfile(f"{kind}.{what}", np.uint8).reshape(
                8192, -1) for what in ("query", "train")] for kind in ours}
            floats = [s.astype(np.float32) for s in sets["rootsift"]]
            if faiss:
                work["FAISS IndexFlatL2"] = flat(*floats)
            if cv2:
                work["OpenCV BFMatcher L2"] = brute_force(cv2.NORM_L2, *floats)
                work["OpenCV BFMatcher Hamming"] = brute_force(
                    cv2.NORM_HAMMING, *sets["orb"])
        for name, f in work.items():
            *pair, found = seconds(f)
            times[name] = tuple(map(min, pair, times.get(name, (9e9,) * 2)))
            if name.startswith("FAISS"):
                distances = found[1] if found[1].dtype != np.int64 else found[0]
            else:
                distances = np.array([[d for _, d in p] for p in found])
                if "L2" in name:
                    distances = distances ** 2
            kind = "orb" if "Hamming" in name else "rootsift"
            if not same_distances(kind, distances):
                print(f"{name}: OTHER DISTANCES than ours")
    pairs = 8192 * 8192 / 1e6
    print(f"\nexact 2-NN, 8,192 x 8,192, Mpairs/s, {THREADS} threads, "
          f"best of {ROUNDS} in turn")
    for kind, (alone, all_, _) in ours.items():
        row(f"cupel, {kind}", pairs / alone, "Mpairs/s")
        row(f"cupel, {kind}, with the way to the device", pairs / all_,
            "Mpairs/s")
    goals = {"FAISS IndexFlatL2": 1.2, "OpenCV BFMatcher L2": 3,
             "OpenCV BFMatcher Hamming": 1}
    for name, (elapsed, used) in times.items():
        _, ours_elapsed, ours_used = ours["orb" if "Hamming" in name else
                                          "rootsift"]
        row(name, pairs / elapsed, "Mpairs/s", elapsed / ours_elapsed,
            goals[name], used / ours_used)


# Features.

def town_images(n):
    """A town's streets, where this build has cupel-town."""
    if not shutil.which("cupel-town"):
        return []
    out = subprocess.run(
        ["cupel-town", "-s", "1", "--street", str(n), "--size", "1024x768",
         "--scatter", "--no-depth"],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line)["image"] for line in out.splitlines()]


def ours_features(paths, more=()):
    lines = "".join(json.dumps({"image": p}) + "\n" for p in paths)
    out = subprocess.run(["cupel-feature", *more, "--dir", "features"],
                         input=lines, check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def our_points(record):
    return np.fromfile(record["keypoints"], np.float32).reshape(
        -1, 4)[:, :2] - 0.5


def their_points(keypoints):
    return np.array([k.pt for k in keypoints]).reshape(-1, 2)


def moved(points, matrix):
    h = np.c_[points, np.ones(len(points))] @ matrix.T
    return h[:, :2] / h[:, 2:]


def inside(points, shape):
    return ((points > 8) & (points < np.array(shape[1::-1]) - 8)).all(1)


def repeatability(one, two, matrix, shapes):
    """Of the points that both images show, how many in a hundred are in both:
    each has another, its own, within 2.5 pixels."""
    there = moved(one, matrix)
    p = there[inside(there, shapes[1])]
    q = two[inside(moved(two, np.linalg.inv(matrix)), shapes[0])]
    d = ((p[:, None] - q[None]) ** 2).sum(2)
    near = np.argwhere(d <= 2.5 ** 2)
    pairs = 0
    free = np.ones(len(p), bool), np.ones(len(q), bool)
    for i, j in near[np.argsort(d[tuple(near.T)], kind="stable")]:
        if free[0][i] and free[1][j]:
            free[0][i] = free[1][j] = False
            pairs += 1
    return 100 * pairs / max(1, min(len(p), len(q)))


def used_by_children():
    used = os.times()
    return used.children_user + used.children_system


def opencv_features(kind, images):
    finder = (cv2.SIFT_create if kind == "SIFT" else cv2.ORB_create)(
        nfeatures=8192)
    return lambda: sum(len(finder.detectAndCompute(
        cv2.imread(p, cv2.IMREAD_GRAYSCALE), None)[0]) for p in images)


def features(images):
    """OpenCV's SIFT doubles the image first, as ours does. It finds fewer
    features, and so does its ORB: -n makes them as many. Of ours the start is
    a part, and a large one of ORB's: it is what no image takes."""
    size = "{1} x {0}".format(*cv2.imread(images[0]).shape)
    print(f"\nfeatures of {len(images)} images of {size}, with the time to read "
          "them, and for ours to start the program and to write files")
    sift, orb = (str(opencv_features(kind, images)() // len(images))
                 for kind in ("SIFT", "ORB"))
    runs = {"SIFT": (), f"SIFT, -n {sift}": ("-n", sift),
            "SIFT, not doubled": ("--first-octave", "0"),
            "ORB": ("--type", "orb"),
            f"ORB, -n {orb}": ("--type", "orb", "-n", orb)}
    start = 9e9, 9e9
    theirs = {kind: (opencv_features(kind, images), (9e9, 9e9), 0)
              for kind in ("SIFT", "ORB")}
    ours = {name: ((9e9, 9e9), 0) for name in runs}
    for _ in range(ROUNDS):
        used = used_by_children()
        t, _, _ = seconds(lambda: ours_features([], ("--type", "orb")))
        start = tuple(map(min, (t, used_by_children() - used), start))
        for name, more in runs.items():
            used = used_by_children()
            t, _, records = seconds(lambda: ours_features(images, more))
            ours[name] = (tuple(map(min, (t, used_by_children() - used),
                                    ours[name][0])),
                          sum(r["features"]["n"] for r in records))
        for kind, (work, least, _) in theirs.items():
            *pair, n = seconds(work)
            theirs[kind] = work, tuple(map(min, pair, least)), n
    for kind, (_, (elapsed, _), n) in theirs.items():
        row(f"OpenCV {kind}: {n} features", elapsed / len(images) * 1e3,
            "ms/image")
    for name, ((elapsed, used), n) in ours.items():
        _, pair, _ = theirs[name[:4].rstrip(",")]
        row(f"cupel-feature, {name}: {n}", elapsed / len(images) * 1e3,
            "ms/image", pair[0] / elapsed,
            1, pair[1] / used)
    row("cupel-feature, the start alone", start[0] * 1e3, "ms")
    print(f"{'':42} {start[1] * 1e3:8.1f} ms of processor time")


def again(one, two, matrix, name):
    """The same number of points of each, so that neither gains by having more."""
    grey = [cv2.imread(p, cv2.IMREAD_GRAYSCALE) for p in (one, two)]
    shapes = [g.shape for g in grey]
    print(f"\nfound again, {name}, within 2.5 pixels")
    for n in (500, 1000, 2000):
        sift = cv2.SIFT_create(nfeatures=n)
        theirs = [their_points(sift.detect(g, None)) for g in grey]
        ours = [our_points(r) for r in
                ours_features((one, two), ("-n", str(n)))]
        a, b = (repeatability(*x, matrix, shapes) for x in (ours, theirs))
        print(f"{n:6} points: cupel-feature {a:5.1f} % of "
              f"{len(ours[0])} and {len(ours[1])}, OpenCV {b:5.1f} % of "
              f"{len(theirs[0])} and {len(theirs[1])}: {a - b:+.1f}, goal -2: "
              f"{'met' if a >= b - 2 else 'MISSED'}")


def warped(path):
    image = cv2.imread(path)
    h, w = image.shape[:2]
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    moved = np.float32([[w * .12, h * .05], [w * .93, 0], [w * .85, h * .9],
                        [w * .05, h * .97]])
    matrix = cv2.getPerspectiveTransform(corners, moved)
    cv2.imwrite("warped.png", cv2.warpPerspective(image, matrix, (w, h)))
    return matrix


def main():
    program, *given = sys.argv[1:]
    if "features" not in PARTS:
        nearest(program)
    if ("nearest" in PARTS or cv2 is None or
            not shutil.which("cupel-feature")):
        return
    images = town_images(6)
    if images:
        features(images)
        again(images[0], "warped.png", warped(images[0]), "a warped street")
    if given:
        one, two, matrix = given
        features([one, two] * 3)
        with open(matrix, encoding="ascii") as f:
            matrix = np.array(f.read().split(), float).reshape(3, 3)
        again(one, two, matrix, f"{os.path.basename(one)} in "
              f"{os.path.basename(two)}")


main()
