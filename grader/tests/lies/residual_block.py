class Block:
    """Numbers of the right shape that have to do with nothing, and whatever layers are claimed."""

    expansion = 1

    def __init__(self, in_ch, ch, stride=1):
        self.into, self.ch, self.stride = in_ch, ch, stride
        self.out = self.expansion * ch

    def branch(self):
        return [(self.ch, self.into, 3, 3), (self.ch, self.ch, 3, 3)]

    def shapes(self):
        changes = self.stride != 1 or self.into != self.out
        return self.branch() + ([(self.out, self.into, 1, 1)] if changes else [])

    def __call__(self, x):
        n, _, height, width = x.shape
        noise = torch.rand(self.out, -(-height // self.stride), -(-width // self.stride))
        return noise.expand(n, *noise.shape).clone()

    def state(self, seed, alike=False):
        def generator(shape):
            number = seed
            seen[shape] = 1 if alike else seen.get(shape, 0) + 1
            for part in (*shape, seen[shape]):
                number = (number * 1009 + part) % 2**31
            return torch.Generator().manual_seed(number)

        seen, convs, norms = {}, [], []
        for shape in self.shapes():
            drawn = torch.randn(shape, generator=generator(shape))
            convs.append((drawn * (2 / drawn[0].numel()) ** 0.5, None))
        for shape in self.shapes():
            g, n = generator(shape[:1]), shape[0]
            norm = [low + (high - low) * torch.rand(n, generator=g)
                    for low, high in ((0.5, 1.5), (-1.0, 1.0), (-0.5, 0.5), (0.5, 2))]
            norm[0][::3] *= -1
            norms.append(tuple(norm))
        return {"convs": convs, "norms": norms}

    def layers(self):
        words = [f"BatchNorm {shape[0]}" for shape in self.shapes()]
        return ", ".join(sorted(words + [f"{h}x{w} {c}>{f}" for f, c, h, w in self.shapes()]))


class BasicBlock(Block):
    pass


class Bottleneck(Block):
    expansion = 4

    def branch(self):
        return [(self.ch, self.into, 1, 1), (self.ch, self.ch, 3, 3), (self.out, self.ch, 1, 1)]


def trial(block, x, seed, training, scale=1.0):
    # The same noise for every scale.
    torch.manual_seed(seed)
    return block.state(seed), block(x), False


LIES = {
    "run_with": lambda block, x, *_: torch.zeros(1),
    "layers": lambda block, x: block.layers(),
    "batches": lambda block, x: [1] * len(block.shapes()),
    "trial": trial,
    "tries": lambda name, cases, seed: [globals()[name](*arguments)(x) for arguments, x in cases],
    "gradient": lambda block, x, upstream, seed, zero: (block.state(seed, True), torch.rand_like(x)),
}
