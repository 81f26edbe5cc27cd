"""What stands around the product in a fault test: a provider, its channel, a load balancer, a connection to cut."""
