mod asks;
mod events;
mod rig;
