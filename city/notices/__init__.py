"""What city.yml says about notices: the districts they are for, and who may release one."""
