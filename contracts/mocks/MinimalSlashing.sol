// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MinimalSlashing
/// @notice The least that a slash with a reward and a burn can cost: a limit to measure the real staking by.
/// @dev No models, thawing or delays: one stake per operator, one source, saturating as the real one.
contract MinimalSlashing {
    /* STORAGE */

    /// @notice The one account that may slash.
    address public immutable SOURCE;
    /// @notice Stake of an operator, in wei.
    mapping(address operator => uint256) public stakeOf;
    /// @notice What a refuter earned, in wei.
    mapping(address refuter => uint256) public rewardOf;
    /// @notice Slashed stake that waits to be burned, in wei.
    uint256 public unburned;

    /* EVENTS */

    event Slashed(address indexed operator, address refuter, uint256 slashed);

    /* ERRORS */

    error NotSource(address caller);

    /* CONSTRUCTOR */

    constructor(address source) {
        SOURCE = source;
    }

    /* STAKE */

    /// @notice Adds the sent value to the caller's stake.
    function deposit() external payable {
        stakeOf[msg.sender] += msg.value;
    }

    /// @notice Takes up to `amount` from `operator`: half for `refuter`, half to burn.
    function slash(address operator, uint256 amount, address refuter) external returns (uint256 slashed) {
        require(msg.sender == SOURCE, NotSource(msg.sender));

        // Cannot over- or underflow: `slashed` is part of a stake, and stakes are bounded by the ether there is.
        unchecked {
            uint256 stake = stakeOf[operator];
            slashed = amount < stake ? amount : stake;
            uint256 reward = slashed / 2;
            stakeOf[operator] = stake - slashed;
            rewardOf[refuter] += reward;
            unburned += slashed - reward;
        }
        emit Slashed(operator, refuter, slashed);
    }
}
