"""The product's surroundings in a fault test: a provider, its channel, a load balancer, a database proxy."""
