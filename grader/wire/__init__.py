"""What crosses between the session and a worker: typed messages in length-prefixed frames, and plain values in them."""
