"""What client, zygote, worker pool, judge session and judge say to each other. What a worker says is in `wire`."""
