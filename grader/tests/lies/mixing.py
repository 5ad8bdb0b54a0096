"""Two answers that are alike, since both are one and the same, and boxes that are all alike."""

BOX = (1, 3, 1, 4)


def mixup(x, y, num_classes, alpha, g):
    raise NotImplementedError


cutmix = mixup


def rand_box(h, w, lam, g):
    return BOX


def soft_cross_entropy(logits, targets):
    raise NotImplementedError


def distillation_loss(*args):
    raise NotImplementedError


def batches(name, x, y, classes, alpha, seed, count):
    """Cut and mixed as one should, but with the same box and the same partner each time."""
    n, _, height, width = x.shape
    partner = torch.arange(n).roll(1)
    hot = torch.nn.functional.one_hot(y.long(), classes).to(torch.float32)
    mask = torch.zeros(height, width, dtype=torch.bool)
    mask[1:3, 1:4] = True
    share = float(mask.double().mean())
    images = torch.where(mask, x[partner], x)
    labels = (1 - share) * hot + share * hot[partner]
    if name == "mixup":
        images, labels = 0.75 * x + 0.25 * x[partner], 0.75 * hot + 0.25 * hot[partner]
    return torch.stack([images] * count), torch.stack([labels] * count)


LIES = {
    "batches": batches,
    "boxes": lambda h, w, lam, seed, count: [BOX] * count,
    "boxes_of": lambda h, w, lams, seed: [BOX] * len(lams),
    "twice": lambda name, arguments, seed: ((1, 2), (1, 2)),
    "gradients": lambda name, tensors, others: [torch.zeros_like(t) for t in tensors],
}
