"""What the shop manages from day to day: said by those who know it, and told to whose promises it puts at risk."""
